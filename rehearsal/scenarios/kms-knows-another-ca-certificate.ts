import { failedCreate } from '../failed-create';

export const scenario = failedCreate({
  shows: 'KMS answers that the certificate is not the trust anchor, although it issued that of the cluster',
  before: ({ account }) => {
    account.aws.failCalls({ service: 'kms', operation: 'CreateCustomKeyStore', code: 'IncorrectTrustAnchorException', times: Infinity, caller: 'manage-key-store' });
  },
  reason: 'KMS knows the cluster by another CA certificate',
  within: 900,
});
