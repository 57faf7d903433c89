import { callByHand } from '../by-hand';
import type { Scenario } from '../scenario';

export const scenario: Scenario = {
  shows: 'Somebody deleted the key store: the update says so',
  steps: [
    { do: 'create', parameters: { pDeleteKeyStoreUponStackDeletion: 'true' }, ends: 'CREATE_COMPLETE', keyStore: 'CONNECTED', within: 900 },
    {
      do: 'update',
      parameters: { pKeyStoreName: 'payments' },
      before: async (world) => {
        const { aws, kms } = world.account;
        const CustomKeyStoreId = kms.state.keyStores[0]?.keyStoreId ?? '';
        await callByHand(world, 'kms', 'DisconnectCustomKeyStore', { CustomKeyStoreId });
        await aws.clock.runTo(aws.clock.now + 5 * 60_000);
        await callByHand(world, 'kms', 'DeleteCustomKeyStore', { CustomKeyStoreId });
      },
      ends: 'UPDATE_ROLLBACK_FAILED',
      reason: 'KMS has no such key store any more',
      keyStore: 'none',
      within: 120,
    },
    { do: 'delete', ends: 'DELETE_COMPLETE', keyStore: 'none', within: 300 },
  ],
};
