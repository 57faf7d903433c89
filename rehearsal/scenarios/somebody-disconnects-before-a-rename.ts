import { callByHand } from '../by-hand';
import type { Scenario } from '../scenario';
import type { World } from '../world';

/** KMS is still disconnecting when the update looks, and takes a moment longer than what it shows then. */
async function disconnect(world: World): Promise<void> {
  const { aws, kms } = world.account;
  await callByHand(world, 'kms', 'DisconnectCustomKeyStore', { CustomKeyStoreId: kms.state.keyStores[0]?.keyStoreId ?? '' });
  aws.failCalls({ service: 'kms', operation: 'UpdateCustomKeyStore', code: 'CustomKeyStoreInvalidStateException', times: 2 });
}

export const scenario: Scenario = {
  shows: 'Somebody disconnects the key store, and it is renamed before it is disconnected: the update waits for that, and leaves it disconnected',
  steps: [
    { do: 'create', parameters: { pDeleteKeyStoreUponStackDeletion: 'true' }, ends: 'CREATE_COMPLETE', keyStore: 'CONNECTED', within: 900 },
    { do: 'update', parameters: { pKeyStoreName: 'payments' }, before: disconnect, ends: 'UPDATE_COMPLETE', keyStore: 'DISCONNECTED', logins: [], within: 180 },
    { do: 'delete', ends: 'DELETE_COMPLETE', keyStore: 'none', within: 300 },
  ],
};
