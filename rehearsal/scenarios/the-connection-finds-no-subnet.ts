import { connecting, subnetsOf } from '../by-hand';
import { failedCreate } from '../failed-create';

export const scenario = failedCreate({
  shows: 'A subnet is deleted while KMS connects',
  during: {
    when: connecting,
    happens: (world) => {
      const [subnet = ''] = subnetsOf(world);
      world.account.ec2.deleteSubnet(subnet);
    },
  },
  reason: 'KMS could not find a subnet of the cluster',
  within: 900,
});
