import type { Scenario } from '../scenario';
import { STACK } from '../world';

/** Four minutes into the create, when the key store is CONNECTING, the user deletes the stack. */
export const scenario: Scenario = {
  shows: 'The stack is deleted in the middle of its create: what the create has made goes, what it was about to make never comes',
  steps: [
    {
      do: 'create',
      during: {
        when: 240,
        happens: async ({ account }) => {
          await account.cloudFormation.deleteStack(STACK);
        },
      },
      ends: 'DELETE_COMPLETE',
      keyStore: 'none',
      within: 15 * 60,
    },
  ],
};
