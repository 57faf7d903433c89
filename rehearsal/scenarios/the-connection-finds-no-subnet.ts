import { failedCreate } from '../failed-create';

export const scenario = failedCreate({
  shows: 'A subnet is deleted while KMS connects',
  before: ({ account }) => {
    account.kms.failNextConnect('SUBNET_NOT_FOUND');
  },
  reason: 'KMS could not find a subnet of the cluster',
  within: 900,
});
