import { reconnectKeyStore, storeAdminPassword } from '../by-hand';
import type { Scenario } from '../scenario';

export const scenario: Scenario = {
  shows: 'kmsuser is locked, and the update that brings the key store back has a wrong admin password: it is rolled back, and the same update, tried again, brings it back',
  steps: [
    { do: 'create', parameters: { pDeleteKeyStoreUponStackDeletion: 'true' }, ends: 'CREATE_COMPLETE', keyStore: 'CONNECTED', within: 900 },
    {
      do: 'update',
      parameters: { pKeyStoreName: 'payments' },
      before: async (world) => {
        await reconnectKeyStore(world, ({ account, clusterId }) => account.cloudHsm.putUser(clusterId, { username: 'kmsuser', role: 'crypto-user', password: 'any', refusedLogins: 5 }));
        world.account.secrets.put('hsm/admin-password', { SecretString: 'not-the-password' });
      },
      ends: 'UPDATE_ROLLBACK_COMPLETE',
      reason: 'kmsuser got no new password',
      keyStore: 'DISCONNECTED',
      logins: [false],
      within: 900,
    },
    {
      do: 'update',
      parameters: { pKeyStoreName: 'payments' },
      before: storeAdminPassword,
      ends: 'UPDATE_COMPLETE',
      keyStore: 'CONNECTED',
      logins: [true],
      within: 900,
    },
    { do: 'delete', ends: 'DELETE_COMPLETE', keyStore: 'none', within: 300 },
  ],
};
