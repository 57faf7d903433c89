import type { Scenario } from '../scenario';

export const scenario: Scenario = {
  shows: 'The address that CloudFormation waits at refuses the answer three times: it is sent again, and the stack does not wait for an hour',
  steps: [
    {
      do: 'create',
      parameters: { pDeleteKeyStoreUponStackDeletion: 'true' },
      before: ({ account }) => {
        account.cloudFormation.refusePuts(3, 503);
      },
      ends: 'CREATE_COMPLETE',
      keyStore: 'CONNECTED',
      within: 900,
    },
    { do: 'delete', ends: 'DELETE_COMPLETE', keyStore: 'none', within: 300 },
  ],
};
