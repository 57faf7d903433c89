import { addKeyStoreOfOthers } from '../by-hand';
import { unmetPrerequisite } from '../unmet-prerequisite';

export const scenario = unmetPrerequisite({
  shows: 'The account has as many key stores as its quota allows: Service Quotas is asked, and nothing is tried',
  before: async (world) => {
    for (let number = 1; number <= 10; number++) await addKeyStoreOfOthers(world, `other-${number}`);
  },
  findings: ['The quota is reached: this account has 10'],
  keyStore: 'DISCONNECTED',
  leaves: [/^key store cks-/],
});
