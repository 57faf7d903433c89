import { makeKeyStore } from '../by-hand';
import { unmetPrerequisite } from '../unmet-prerequisite';

export const scenario = unmetPrerequisite({
  shows: 'The cluster belongs to another key store: the answer says to which',
  before: async (world) => {
    await makeKeyStore(world, 'other', world.clusterId);
  },
  findings: ['The cluster is taken', 'kmsuser is there already'],
  keyStore: 'DISCONNECTED',
  leaves: [/^key store cks-/, 'user kmsuser in the cluster'],
});
