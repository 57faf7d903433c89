import { callByHand } from '../by-hand';
import type { Scenario } from '../scenario';

export const scenario: Scenario = {
  shows: 'Somebody deleted the key store first: the stack still deletes, and takes its kmsuser with it',
  steps: [
    { do: 'create', ends: 'CREATE_COMPLETE', keyStore: 'CONNECTED', within: 900 },
    {
      do: 'delete',
      before: async (world) => {
        const { aws, kms } = world.account;
        const CustomKeyStoreId = kms.state.keyStores[0]?.keyStoreId ?? '';
        await callByHand(world, 'kms', 'DisconnectCustomKeyStore', { CustomKeyStoreId });
        await aws.clock.runTo(aws.clock.now + 5 * 60_000);
        await callByHand(world, 'kms', 'DeleteCustomKeyStore', { CustomKeyStoreId });
      },
      ends: 'DELETE_COMPLETE',
      keyStore: 'none',
      within: 300,
    },
  ],
};
