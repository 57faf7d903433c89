import { commandWas, until } from '../by-hand';
import { failedCreate } from '../failed-create';

export const scenario = failedCreate({
  shows: 'Somebody deletes the cluster while kmsuser is made: with it kmsuser is gone, and the rollback has nothing to do',
  during: {
    seconds: 0,
    happens: async (world) => {
      await until(world, () => commandWas(world, 'create', 'Success'));
      world.account.cloudHsm.setClusterState(world.clusterId, 'DELETED');
    },
  },
  reason: 'The cluster does not exist',
  within: 300,
});
