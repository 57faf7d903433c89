import { failedCreate } from '../failed-create';

export const scenario = failedCreate({
  shows: 'KMS answers that the limit is reached, although Service Quotas knows better',
  before: ({ account }) => {
    account.aws.failCalls({ service: 'kms', operation: 'CreateCustomKeyStore', code: 'LimitExceededException', times: Infinity, caller: 'manage-key-store' });
  },
  reason: 'KMS allows no more key stores',
  within: 900,
});
