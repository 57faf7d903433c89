import { subnetsOf } from '../by-hand';
import { unmetPrerequisite } from '../unmet-prerequisite';

export const scenario = unmetPrerequisite({
  shows: 'A subnet of the cluster was deleted: KMS would fail to connect',
  before: (world) => {
    const [subnet = ''] = subnetsOf(world);
    world.account.ec2.deleteSubnet(subnet);
  },
  findings: ['A subnet is gone: subnet-'],
});
