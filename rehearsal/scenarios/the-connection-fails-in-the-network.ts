import { failedCreate } from '../failed-create';

export const scenario = failedCreate({
  shows: 'KMS answers the connect with NETWORK_ERRORS',
  before: ({ account }) => {
    account.kms.failNextConnect('NETWORK_ERRORS');
  },
  reason: 'KMS could not reach the cluster. Check the security group',
  within: 900,
});
