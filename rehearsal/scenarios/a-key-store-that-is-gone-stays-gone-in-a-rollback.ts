import { deleteKeyStore } from '../by-hand';
import type { Scenario } from '../scenario';

export const scenario: Scenario = {
  shows: 'Somebody deleted the key store, and the update that would make it again is refused: the rollback makes none',
  steps: [
    { do: 'create', parameters: { pDeleteKeyStoreUponStackDeletion: 'true' }, ends: 'CREATE_COMPLETE', keyStore: 'CONNECTED', within: 900 },
    {
      do: 'update',
      parameters: { pKeyStoreName: 'payments' },
      before: async (world) => {
        await deleteKeyStore(world);
        await world.account.ssm.stop(world.instanceId);
      },
      ends: 'UPDATE_ROLLBACK_COMPLETE',
      reason: 'Nothing was changed',
      keyStore: 'none',
      logins: [],
      within: 300,
    },
    {
      do: 'delete',
      before: ({ account, instanceId }) => account.ssm.setOnline(instanceId, true),
      ends: 'DELETE_COMPLETE',
      keyStore: 'none',
      within: 300,
    },
  ],
};
