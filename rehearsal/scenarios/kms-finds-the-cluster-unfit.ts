import { commandWas, until } from '../by-hand';
import { failedCreate } from '../failed-create';

export const scenario = failedCreate({
  shows: 'Somebody takes a rule of the security group away while kmsuser is made',
  during: {
    seconds: 0,
    happens: async (world) => {
      await until(world, () => commandWas(world, 'create', 'Success'));
      const { cloudHsm, ec2 } = world.account;
      ec2.revokeRules(cloudHsm.cluster(world.clusterId).securityGroup, 'inbound');
    },
  },
  reason: 'KMS found the cluster unfit',
  within: 900,
});
