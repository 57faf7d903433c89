import { subnetsOf } from '../by-hand';
import { unmetPrerequisite } from '../unmet-prerequisite';

export const scenario = unmetPrerequisite({
  shows: 'The client instance is stopped, and a subnet is full: both are told, and nobody waits for the client',
  before: async (world) => {
    const [subnet = ''] = subnetsOf(world);
    world.account.ec2.setFreeAddresses(subnet, 0);
    await world.account.ssm.stop(world.instanceId);
  },
  findings: ['A subnet is full', 'The client is not managed'],
});
