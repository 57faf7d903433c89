import { DescribeCustomKeyStoresCommand, type ConnectionStateType, type CustomKeyStoresListEntry, type KMSClient } from '@aws-sdk/client-kms';
import { KEY_STORE_NOT_SETTLED } from '../../shared/src/messages';
import { say } from '../../shared/src/say';

/** The key store is in a state, or on its way to one, in which KMS takes no change. The states PlanUpdate and ChangeKeyStore try again. */
export class KeyStoreNotSettled extends Error {
  override readonly name = 'KeyStoreNotSettled';
}

/** The store of that id; undefined if it is gone. */
export async function describe(kms: KMSClient, id: string): Promise<CustomKeyStoresListEntry | undefined> {
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
