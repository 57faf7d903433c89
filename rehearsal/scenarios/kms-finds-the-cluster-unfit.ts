import { commandIs } from '../by-hand';
import { failedCreate } from '../failed-create';

export const scenario = failedCreate({
  shows: 'Somebody takes a rule of the security group away while kmsuser is made',
  during: {
    when: commandIs('create', 'Success'),
    happens: (world) => {
      const { cloudHsm, ec2 } = world.account;
      ec2.revokeRules(cloudHsm.cluster(world.clusterId).securityGroup, 'inbound');
    },
  },
  reason: 'KMS found the cluster unfit',
  within: 900,
});
