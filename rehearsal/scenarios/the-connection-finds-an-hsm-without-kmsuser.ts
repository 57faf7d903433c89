import { connecting } from '../by-hand';
import { failedCreate } from '../failed-create';

export const scenario = failedCreate({
  shows: 'Somebody deletes kmsuser on one HSM while KMS connects',
  during: {
    when: connecting,
    happens: (world) => {
      const [first] = world.account.cloudHsm.cluster(world.clusterId).hsms;
      if (first) first.users = first.users.filter(({ username }) => username !== 'kmsuser');
    },
  },
  reason: 'KMS found an HSM without kmsuser',
  within: 900,
});
