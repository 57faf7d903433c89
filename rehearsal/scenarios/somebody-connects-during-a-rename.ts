import { callByHand, disconnectKeyStore } from '../by-hand';
import type { Scenario } from '../scenario';
import type { World } from '../world';

/** Somebody connects the key store, which takes some minutes. */
const connect = (minutes: number) => async (world: World) => {
  const CustomKeyStoreId = await disconnectKeyStore(world);
  world.account.kms.connectMillis = minutes * 60_000;
  await callByHand(world, 'kms', 'ConnectCustomKeyStore', { CustomKeyStoreId });
};

export const scenario: Scenario = {
  shows: 'Somebody is connecting the key store: a rename waits until KMS takes it, for some minutes',
  steps: [
    { do: 'create', parameters: { pDeleteKeyStoreUponStackDeletion: 'true' }, ends: 'CREATE_COMPLETE', keyStore: 'CONNECTED', within: 900 },
    { do: 'update', parameters: { pKeyStoreName: 'payments' }, before: connect(1), ends: 'UPDATE_COMPLETE', keyStore: 'CONNECTED', within: 300 },
    {
      do: 'update',
      parameters: { pKeyStoreName: 'invoices' },
      before: connect(15),
      ends: 'UPDATE_ROLLBACK_COMPLETE',
      reason: 'The key store does not settle',
      keyStore: 'CONNECTED',
      within: 1_800,
    },
    { do: 'delete', ends: 'DELETE_COMPLETE', keyStore: 'none', within: 300 },
  ],
};
