import { failedCreate } from '../failed-create';

export const scenario = failedCreate({
  shows: 'The cluster is deleted in between',
  before: ({ account }) => {
    account.aws.failCalls({ service: 'kms', operation: 'CreateCustomKeyStore', code: 'CloudHsmClusterNotFoundException', times: Infinity, caller: 'manage-key-store' });
  },
  reason: 'KMS knows no such cluster',
  within: 900,
});
