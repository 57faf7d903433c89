import { storeAdminPassword } from '../by-hand';
import type { Scenario } from '../scenario';

export const scenario: Scenario = {
  shows: "The admin's password was changed and its secret not: deleting costs one refused login, again costs none, and with the right one it ends",
  steps: [
    { do: 'create', parameters: { pDeleteKeyStoreUponStackDeletion: 'true' }, ends: 'CREATE_COMPLETE', keyStore: 'CONNECTED', within: 900 },
    {
      do: 'delete',
      before: ({ account }) => {
        account.secrets.put('hsm/admin-password', { SecretString: 'not-the-password' });
      },
      ends: 'DELETE_FAILED',
      reason: 'kmsuser could not be deleted',
      keyStore: 'none',
      logins: [false],
      within: 300,
    },
    { do: 'delete', ends: 'DELETE_FAILED', reason: 'The admin login is spent', keyStore: 'none', logins: [], within: 120, changesNothing: true },
    {
      do: 'delete',
      before: storeAdminPassword,
      ends: 'DELETE_COMPLETE',
      keyStore: 'none',
      within: 120,
    },
  ],
};
