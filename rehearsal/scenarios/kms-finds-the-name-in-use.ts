import { failedCreate } from '../failed-create';

export const scenario = failedCreate({
  shows: 'Somebody takes the name in between',
  before: ({ account }) => {
    account.aws.failCalls({ service: 'kms', operation: 'CreateCustomKeyStore', code: 'CustomKeyStoreNameInUseException', times: Infinity, caller: 'manage-key-store' });
  },
  reason: 'KMS has another key store of that name',
  within: 900,
});
