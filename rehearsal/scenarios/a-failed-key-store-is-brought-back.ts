import { reconnectKeyStore } from '../by-hand';
import type { Scenario } from '../scenario';

export const scenario: Scenario = {
  shows: 'Somebody connected the key store anew, and it FAILED in the network: any update brings it back, without a login',
  steps: [
    { do: 'create', parameters: { pDeleteKeyStoreUponStackDeletion: 'true' }, ends: 'CREATE_COMPLETE', keyStore: 'CONNECTED', within: 900 },
    {
      do: 'update',
      parameters: { pKeyStoreName: 'payments' },
      before: (world) => reconnectKeyStore(world, ({ account }) => account.kms.failNextConnect('NETWORK_ERRORS')),
      ends: 'UPDATE_COMPLETE',
      keyStore: 'CONNECTED',
      logins: [],
      within: 900,
    },
    { do: 'delete', ends: 'DELETE_COMPLETE', keyStore: 'none', within: 300 },
  ],
};
