import { failedCreate } from '../failed-create';

export const scenario = failedCreate({
  shows: 'The cluster is being changed when the key store is to be connected: KMS refuses at once',
  during: {
    when: ({ account: { kms } }) => kms.state.keyStores.length > 0,
    happens: (world) => {
      world.account.cloudHsm.setClusterState(world.clusterId, 'UPDATE_IN_PROGRESS');
    },
  },
  reason: 'KMS found the cluster not ACTIVE',
  within: 900,
});
