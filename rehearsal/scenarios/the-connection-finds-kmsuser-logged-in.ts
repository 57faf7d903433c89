import { failedCreate } from '../failed-create';

export const scenario = failedCreate({
  shows: 'Somebody logged in as kmsuser in between',
  before: ({ account }) => {
    account.kms.failNextConnect('USER_LOGGED_IN');
  },
  reason: 'KMS found somebody logged in as kmsuser',
  within: 900,
});
