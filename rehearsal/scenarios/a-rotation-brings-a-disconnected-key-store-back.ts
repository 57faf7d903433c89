import { disconnectKeyStore } from '../by-hand';
import type { Scenario } from '../scenario';

export const scenario: Scenario = {
  shows: 'Somebody disconnected the key store: it stays so through a rename, and a rotation of the password of kmsuser connects it',
  steps: [
    { do: 'create', parameters: { pDeleteKeyStoreUponStackDeletion: 'true' }, ends: 'CREATE_COMPLETE', keyStore: 'CONNECTED', within: 900 },
    {
      do: 'update',
      parameters: { pKeyStoreName: 'payments' },
      before: async (world) => {
        await disconnectKeyStore(world);
      },
      ends: 'UPDATE_COMPLETE',
      keyStore: 'DISCONNECTED',
      within: 60,
    },
    { do: 'update', parameters: { pKmsUserPasswordRotation: 'again' }, ends: 'UPDATE_COMPLETE', keyStore: 'CONNECTED', logins: [true], within: 900 },
    { do: 'delete', ends: 'DELETE_COMPLETE', keyStore: 'none', within: 300 },
  ],
};
