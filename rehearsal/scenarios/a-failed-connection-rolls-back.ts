import type { Scenario } from '../scenario';

export const scenario: Scenario = {
  shows: 'KMS cannot connect: the stack fails at once with the error code, and the rollback leaves nothing',
  steps: [
    {
      do: 'create',
      before: ({ account }) => {
        account.kms.failNextConnect('INSUFFICIENT_FREE_ADDRESSES_IN_SUBNET');
      },
      ends: 'ROLLBACK_COMPLETE',
      reason: 'A subnet of the cluster has no free IP address. Free at least one address in each private subnet',
      keyStore: 'none',
      within: 900,
    },
    { do: 'delete', ends: 'DELETE_COMPLETE', keyStore: 'none', within: 60 },
  ],
};
