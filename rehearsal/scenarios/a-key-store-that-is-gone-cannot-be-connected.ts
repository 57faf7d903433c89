import { deleteKeyStore } from '../by-hand';
import type { Scenario } from '../scenario';

export const scenario: Scenario = {
  shows: 'Somebody deleted the key store, and the one that is made again cannot be connected: the rollback keeps it for the next update, and the stack’s delete finds it',
  steps: [
    { do: 'create', parameters: { pDeleteKeyStoreUponStackDeletion: 'true' }, ends: 'CREATE_COMPLETE', keyStore: 'CONNECTED', within: 900 },
    {
      do: 'update',
      parameters: { pKeyStoreName: 'payments' },
      before: async (world) => {
        await deleteKeyStore(world);
        world.account.kms.failNextConnect('NETWORK_ERRORS');
      },
      ends: 'UPDATE_ROLLBACK_COMPLETE',
      reason: 'KMS could not reach the cluster',
      keyStore: 'DISCONNECTED',
      within: 900,
    },
    { do: 'delete', ends: 'DELETE_COMPLETE', keyStore: 'none', within: 300 },
  ],
};
