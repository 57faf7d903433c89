import { connecting, kmsUsers } from '../by-hand';
import type { Scenario } from '../scenario';

export const scenario: Scenario = {
  shows: 'Somebody logs in as kmsuser while KMS connects: HSMs keep a user who is logged in, so the rollback waits for that session to end',
  steps: [
    {
      do: 'create',
      during: {
        seconds: 0,
        happens: async (world) => {
          await connecting(world);
          for (const user of kmsUsers(world)) user.loggedIn = true;
        },
      },
      ends: 'ROLLBACK_FAILED',
      reason: 'KMS found somebody logged in as kmsuser',
      keyStore: 'none',
      logins: [true, true],
      within: 900,
    },
    { do: 'delete', ends: 'DELETE_FAILED', reason: 'The admin login is spent', keyStore: 'none', logins: [], within: 120 },
    {
      do: 'delete',
      before: (world) => {
        for (const user of kmsUsers(world)) user.loggedIn = false;
        world.account.secrets.put('hsm/admin-password', { SecretString: world.adminPassword });
      },
      ends: 'DELETE_COMPLETE',
      keyStore: 'none',
      logins: [true],
      within: 120,
    },
  ],
};
