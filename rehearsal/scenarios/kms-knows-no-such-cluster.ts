import { failedCreate } from '../failed-create';

export const scenario = failedCreate({
  shows: 'KMS answers that it knows no such cluster, although CloudHSM does',
  before: ({ account }) => {
    account.aws.failCalls({ service: 'kms', operation: 'CreateCustomKeyStore', code: 'CloudHsmClusterNotFoundException', times: Infinity, caller: 'manage-key-store' });
  },
  reason: 'KMS knows no such cluster',
  within: 900,
});
