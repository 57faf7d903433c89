import { failedCreate } from '../failed-create';

export const scenario = failedCreate({
  shows: 'The HSMs go while KMS connects',
  before: ({ account }) => {
    account.kms.failNextConnect('INSUFFICIENT_CLOUDHSM_HSMS');
  },
  reason: 'KMS found no active HSM. Add HSMs',
  within: 900,
});
