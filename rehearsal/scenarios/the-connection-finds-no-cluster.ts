import { connecting } from '../by-hand';
import { failedCreate } from '../failed-create';

export const scenario = failedCreate({
  shows: 'The cluster is deleted while KMS connects',
  during: {
    when: connecting,
    happens: (world) => {
      const { cloudHsm } = world.account;
      cloudHsm.setClusterState(world.clusterId, 'DELETED');
      cloudHsm.setReachable(world.clusterId, false);
    },
  },
  reason: 'KMS could not find the cluster',
  within: 900,
});
