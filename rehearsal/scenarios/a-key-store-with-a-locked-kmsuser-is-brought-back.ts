import { reconnectKeyStore } from '../by-hand';
import type { Scenario } from '../scenario';

export const scenario: Scenario = {
  shows: 'Refused logins locked kmsuser, and the key store FAILED: any update unlocks kmsuser with a new password and brings the store back',
  steps: [
    { do: 'create', parameters: { pDeleteKeyStoreUponStackDeletion: 'true' }, ends: 'CREATE_COMPLETE', keyStore: 'CONNECTED', within: 900 },
    {
      do: 'update',
      parameters: { pKeyStoreName: 'payments' },
      before: (world) => reconnectKeyStore(world, ({ account, clusterId }) => account.cloudHsm.putUser(clusterId, { username: 'kmsuser', role: 'crypto-user', password: 'any', refusedLogins: 5 })),
      ends: 'UPDATE_COMPLETE',
      keyStore: 'CONNECTED',
      logins: [true],
      within: 900,
    },
    { do: 'delete', ends: 'DELETE_COMPLETE', keyStore: 'none', within: 300 },
  ],
};
