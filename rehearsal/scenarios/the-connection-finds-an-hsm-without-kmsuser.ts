import { failedCreate } from '../failed-create';

export const scenario = failedCreate({
  shows: 'Somebody deleted kmsuser on an HSM in between',
  before: ({ account }) => {
    account.kms.failNextConnect('USER_NOT_FOUND');
  },
  reason: 'KMS found an HSM without kmsuser',
  within: 900,
});
