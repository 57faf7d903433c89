import { connecting } from '../by-hand';
import { failedCreate } from '../failed-create';

export const scenario = failedCreate({
  shows: 'A subnet runs out of addresses while KMS connects',
  during: {
    seconds: 0,
    happens: async (world) => {
      await connecting(world);
      const { cloudHsm, ec2 } = world.account;
      const [subnet = ''] = Object.values(cloudHsm.cluster(world.clusterId).subnetMapping);
      ec2.setFreeAddresses(subnet, 0);
    },
  },
  reason: 'KMS found no free IP address in a subnet. Free one',
  within: 900,
});
