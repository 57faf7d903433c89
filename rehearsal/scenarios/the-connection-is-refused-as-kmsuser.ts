import { connecting, kmsUsers } from '../by-hand';
import { failedCreate } from '../failed-create';

export const scenario = failedCreate({
  shows: 'Somebody changes the password of kmsuser while KMS connects',
  during: {
    when: connecting,
    happens: (world) => {
      for (const user of kmsUsers(world)) user.password = 'another-password-1';
    },
  },
  reason: 'KMS was refused as kmsuser',
  within: 900,
});
