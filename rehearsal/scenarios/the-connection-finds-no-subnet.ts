import { connecting } from '../by-hand';
import { failedCreate } from '../failed-create';

export const scenario = failedCreate({
  shows: 'A subnet is deleted while KMS connects',
  during: {
    seconds: 0,
    happens: async (world) => {
      await connecting(world);
      const { cloudHsm, ec2 } = world.account;
      const [subnet = ''] = Object.values(cloudHsm.cluster(world.clusterId).subnetMapping);
      ec2.deleteSubnet(subnet);
    },
  },
  reason: 'KMS could not find a subnet of the cluster',
  within: 900,
});
