import { failedCreate } from '../failed-create';

export const scenario = failedCreate({
  shows: 'KMS answers the connect with INTERNAL_ERROR',
  before: ({ account }) => {
    account.kms.failNextConnect('INTERNAL_ERROR');
  },
  reason: 'KMS could not complete the connection. Try again',
  within: 900,
});
