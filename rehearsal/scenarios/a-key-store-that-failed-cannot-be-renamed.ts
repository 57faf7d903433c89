import { callByHand, disconnectKeyStore } from '../by-hand';
import type { Scenario } from '../scenario';

export const scenario: Scenario = {
  shows: 'Somebody connected the key store anew, and it FAILED: KMS renames it in no such state, and the update rolls back',
  steps: [
    { do: 'create', parameters: { pDeleteKeyStoreUponStackDeletion: 'true' }, ends: 'CREATE_COMPLETE', keyStore: 'CONNECTED', within: 900 },
    {
      do: 'update',
      parameters: { pKeyStoreName: 'payments' },
      before: async (world) => {
        const { aws, kms } = world.account;
        const CustomKeyStoreId = await disconnectKeyStore(world);
        kms.failNextConnect('NETWORK_ERRORS');
        await callByHand(world, 'kms', 'ConnectCustomKeyStore', { CustomKeyStoreId });
        await aws.clock.runTo(aws.clock.now + 20 * 60_000);
      },
      ends: 'UPDATE_ROLLBACK_COMPLETE',
      reason: 'KMS does not allow this in the state',
      keyStore: 'FAILED',
      within: 120,
    },
    { do: 'delete', ends: 'DELETE_COMPLETE', keyStore: 'none', within: 300 },
  ],
};
