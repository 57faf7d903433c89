import { failedCreate } from '../failed-create';

export const scenario = failedCreate({
  shows: 'The certificate issued that of the cluster, and is still not the one that it was initialized with',
  before: ({ account }) => {
    account.aws.failCalls({ service: 'kms', operation: 'CreateCustomKeyStore', code: 'IncorrectTrustAnchorException', times: Infinity, caller: 'manage-key-store' });
  },
  reason: 'KMS knows the cluster by another CA certificate',
  within: 900,
});
