import { connecting, kmsUsers } from '../by-hand';
import { failedCreate } from '../failed-create';

export const scenario = failedCreate({
  shows: 'Somebody locks kmsuser out while KMS connects',
  during: {
    when: connecting,
    happens: (world) => {
      for (const user of kmsUsers(world)) user.refusedLogins = 5;
    },
  },
  reason: 'KMS found kmsuser locked out',
  within: 900,
});
