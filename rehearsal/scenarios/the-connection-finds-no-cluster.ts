import { failedCreate } from '../failed-create';

export const scenario = failedCreate({
  shows: 'The cluster is deleted while KMS connects',
  before: ({ account }) => {
    account.kms.failNextConnect('CLUSTER_NOT_FOUND');
  },
  reason: 'KMS could not find the cluster',
  within: 900,
});
