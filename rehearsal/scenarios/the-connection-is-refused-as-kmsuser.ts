import { failedCreate } from '../failed-create';

export const scenario = failedCreate({
  shows: 'Somebody changed the password of kmsuser in between',
  before: ({ account }) => {
    account.kms.failNextConnect('INVALID_CREDENTIALS');
  },
  reason: 'KMS was refused as kmsuser',
  within: 900,
});
