import { failedCreate } from '../failed-create';

export const scenario = failedCreate({
  shows: 'Somebody takes the cluster in between',
  before: ({ account }) => {
    account.aws.failCalls({ service: 'kms', operation: 'CreateCustomKeyStore', code: 'CloudHsmClusterInUseException', times: Infinity, caller: 'manage-key-store' });
  },
  reason: 'KMS has another key store on the cluster',
  within: 900,
});
