import { connecting, subnetsOf } from '../by-hand';
import { failedCreate } from '../failed-create';

export const scenario = failedCreate({
  shows: 'A subnet runs out of addresses while KMS connects',
  during: {
    when: connecting,
    happens: (world) => {
      const [subnet = ''] = subnetsOf(world);
      world.account.ec2.setFreeAddresses(subnet, 0);
    },
  },
  reason: 'KMS found no free IP address in a subnet. Free one',
  within: 900,
});
