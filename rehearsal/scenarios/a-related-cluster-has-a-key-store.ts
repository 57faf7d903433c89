import { addKeyStoreOfOthers } from '../by-hand';
import { unmetPrerequisite } from '../unmet-prerequisite';

export const scenario = unmetPrerequisite({
  shows: 'A cluster of the same backups belongs to a key store, which KMS takes for the same',
  before: async (world) => {
    await addKeyStoreOfOthers(world, 'other', world.clusterId);
  },
  findings: ['The cluster has a relative in use'],
  keyStore: 'DISCONNECTED',
  leaves: [/^key store cks-/],
});
