import { failedCreate } from '../failed-create';

export const scenario = failedCreate({
  shows: 'A subnet runs out of addresses: the stack fails at once with the error code, and the rollback leaves nothing',
  before: ({ account }) => {
    account.kms.failNextConnect('INSUFFICIENT_FREE_ADDRESSES_IN_SUBNET');
  },
  reason: 'KMS found no free IP address in a subnet. Free one',
  within: 900,
});
