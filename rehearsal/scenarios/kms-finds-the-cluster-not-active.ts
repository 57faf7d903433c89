import { until } from '../by-hand';
import { failedCreate } from '../failed-create';

export const scenario = failedCreate({
  shows: 'The cluster is being changed when the key store is to be connected: KMS refuses at once',
  during: {
    seconds: 0,
    happens: async (world) => {
      await until(world, () => world.account.kms.state.keyStores.length > 0);
      world.account.cloudHsm.setClusterState(world.clusterId, 'UPDATE_IN_PROGRESS');
    },
  },
  reason: 'KMS found the cluster not ACTIVE',
  within: 900,
});
