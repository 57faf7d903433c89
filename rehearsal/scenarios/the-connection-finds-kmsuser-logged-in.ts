import { connecting, kmsUsers, storeAdminPassword } from '../by-hand';
import type { Scenario } from '../scenario';

export const scenario: Scenario = {
  shows: 'Somebody logs in as kmsuser while KMS connects: HSMs keep a user who is logged in, so the rollback waits for that session to end',
  steps: [
    {
      do: 'create',
      during: {
        when: connecting,
        happens: (world) => {
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
        storeAdminPassword(world);
      },
      ends: 'DELETE_COMPLETE',
      keyStore: 'none',
      logins: [true],
      within: 120,
    },
  ],
};
