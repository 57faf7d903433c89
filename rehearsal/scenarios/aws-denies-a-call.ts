import { failedCreate } from '../failed-create';

export const scenario = failedCreate({
  shows: 'AWS denies the creation of the key store for good, as a service control policy does',
  before: ({ account }) => {
    account.aws.failCalls({ service: 'kms', operation: 'CreateCustomKeyStore', code: 'AccessDeniedException', times: Infinity, caller: 'manage-key-store' });
  },
  reason: 'AWS denied a call of the stack',
  within: 900,
});
