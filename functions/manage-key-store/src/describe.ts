import { DescribeCustomKeyStoresCommand, type ConnectionStateType, type CustomKeyStoresListEntry, type KMSClient } from '@aws-sdk/client-kms';
import { setTimeout as sleep } from 'node:timers/promises';
import { KEY_STORE_NOT_SETTLED } from '../../shared/src/messages';
import { say } from '../../shared/src/say';

/** The key store is in a state, or on its way to one, in which KMS takes no change. The states PlanUpdate and ChangeKeyStore try again. */
export class KeyStoreNotSettled extends Error {
  override readonly name = 'KeyStoreNotSettled';
}

/** Between two looks at a store, in milliseconds. */
const LOOK_AGAIN_AFTER = 5_000;

/** The store of that id, which was there; undefined if it is gone. KMS is eventually consistent: gone is what it does not show twice. */
export async function describe(kms: KMSClient, id: string): Promise<CustomKeyStoresListEntry | undefined> {
  const store = await look(kms, id);
  if (store) return store;
  await sleep(LOOK_AGAIN_AFTER);
  return look(kms, id);
}

async function look(kms: KMSClient, id: string): Promise<CustomKeyStoresListEntry | undefined> {
  try {
    const { CustomKeyStores: [store] = [] } = await kms.send(new DescribeCustomKeyStoresCommand({ CustomKeyStoreId: id }));
    return store;
  } catch (error) {
    if (error instanceof Error && error.name === 'CustomKeyStoreNotFoundException') return undefined;
    throw error;
  }
}

/** The states in which KMS takes another name (KMS Developer Guide, update-keystore). */
export const SETTLED: ConnectionStateType[] = ['CONNECTED', 'DISCONNECTED'];

/** @throws KeyStoreNotSettled if the store is in none of the states */
export function checkSettled({ CustomKeyStoreId: id = '', ConnectionState: state }: CustomKeyStoresListEntry, states: ConnectionStateType[]): void {
  if (state === undefined || !states.includes(state)) throw new KeyStoreNotSettled(say(KEY_STORE_NOT_SETTLED, { id, state: state ?? '' }));
}
