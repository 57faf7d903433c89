import { subnetsOf } from '../by-hand';
import { unmetPrerequisite } from '../unmet-prerequisite';

export const scenario = unmetPrerequisite({
  shows: 'A subnet of the cluster has no free address: KMS would fail to connect',
  before: (world) => {
    const [subnet = ''] = subnetsOf(world);
    world.account.ec2.setFreeAddresses(subnet, 0);
  },
  findings: ['A subnet is full: subnet-'],
});
