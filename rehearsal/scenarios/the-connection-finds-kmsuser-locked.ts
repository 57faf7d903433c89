import { failedCreate } from '../failed-create';

export const scenario = failedCreate({
  shows: 'Somebody locked kmsuser out in between',
  before: ({ account }) => {
    account.kms.failNextConnect('USER_LOCKED_OUT');
  },
  reason: 'KMS found kmsuser locked out',
  within: 900,
});
