import type { Scenario } from '../scenario';
import { STACK } from '../world';

/** CloudFormation sends the reverse update while the first one may still be at work (aws-cdk#31541). */
export const scenario: Scenario = {
  shows: 'An update is cancelled under way: the reverse update stops it, and the key store keeps its name and its connection',
  steps: [
    { do: 'create', parameters: { pDeleteKeyStoreUponStackDeletion: 'true' }, ends: 'CREATE_COMPLETE', keyStore: 'CONNECTED', within: 35 * 60 },
    {
      do: 'update',
      parameters: { pKeyStoreName: 'renamed' },
      during: {
        when: 5,
        happens: ({ account }) => {
          account.cloudFormation.cancelUpdateStack(STACK);
        },
      },
      ends: 'UPDATE_ROLLBACK_COMPLETE',
      keyStore: 'CONNECTED',
      within: 120,
    },
    { do: 'update', parameters: { pKeyStoreName: 'renamed' }, ends: 'UPDATE_COMPLETE', keyStore: 'CONNECTED', within: 120 },
    { do: 'delete', ends: 'DELETE_COMPLETE', keyStore: 'none', within: 15 * 60 },
  ],
};
