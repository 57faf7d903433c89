import { failedCreate } from '../failed-create';

export const scenario = failedCreate({
  shows: 'KMS fails to connect for a reason of its own',
  before: ({ account }) => {
    account.kms.failNextConnect('INTERNAL_ERROR');
  },
  reason: 'KMS could not complete the connection. Try again',
  within: 900,
});
