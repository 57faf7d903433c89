import { addKeyStoreOfOthers } from '../by-hand';
import { unmetPrerequisite } from '../unmet-prerequisite';

export const scenario = unmetPrerequisite({
  shows: 'Another key store has the name: the answer says which, and what it is',
  before: async (world) => {
    await addKeyStoreOfOthers(world, 'cloudhsm-key-store');
  },
  findings: ['The name is taken: cloudhsm-key-store is key store cks-'],
  keyStore: 'DISCONNECTED',
  leaves: [/^key store cks-/],
});
