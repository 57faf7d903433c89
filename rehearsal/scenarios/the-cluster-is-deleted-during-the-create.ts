import { commandIs } from '../by-hand';
import { failedCreate } from '../failed-create';

export const scenario = failedCreate({
  shows: 'Somebody deletes the cluster while kmsuser is made: with it kmsuser is gone, and the rollback has nothing to do',
  during: {
    when: commandIs('create', 'Success'),
    happens: (world) => {
      world.account.cloudHsm.setClusterState(world.clusterId, 'DELETED');
    },
  },
  reason: 'The cluster does not exist',
  within: 300,
});
