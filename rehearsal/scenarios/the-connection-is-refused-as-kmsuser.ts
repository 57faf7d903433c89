import { connecting, kmsUsers } from '../by-hand';
import { failedCreate } from '../failed-create';

export const scenario = failedCreate({
  shows: 'Somebody changes the password of kmsuser while KMS connects',
  during: {
    seconds: 0,
    happens: async (world) => {
      await connecting(world);
      for (const user of kmsUsers(world)) user.password = 'another-password-1';
    },
  },
  reason: 'KMS was refused as kmsuser',
  within: 900,
});
