import { failedCreate } from '../failed-create';

export const scenario = failedCreate({
  shows: 'KMS refuses the cluster for what the checks cannot see',
  before: ({ account }) => {
    account.aws.failCalls({ service: 'kms', operation: 'CreateCustomKeyStore', code: 'CloudHsmClusterInvalidConfigurationException', times: Infinity, caller: 'manage-key-store' });
  },
  reason: 'KMS found the cluster unfit',
  within: 900,
});
