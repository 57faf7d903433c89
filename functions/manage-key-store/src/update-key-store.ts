import { DescribeCustomKeyStoresCommand, UpdateCustomKeyStoreCommand } from '@aws-sdk/client-kms';
import { readLedger, writeLedger } from '../../shared/src/ledger';
import { KEY_STORE_FOREIGN, UPDATE_NOT_SUPPORTED } from '../../shared/src/messages';
import { Refused } from '../../shared/src/refused';
import type { KeyStoreProperties } from '../../shared/src/request';
import { say } from '../../shared/src/say';
import { isRefusal } from '../../shared/src/transient';
import type { Clients, KeyStoreEvent } from './step';

/**
 * Converges from what is to what is wanted: renames the store in place, without an outage.
 * What is in force is read from KMS and the ledger, not from the request, so that the reverse update of a rollback converges too.
 * @throws Refused, before anything is changed, if another property changed
 */
export async function updateKeyStore({ kms, secrets }: Clients, { Request, Ledger: version }: KeyStoreEvent) {
  const { PhysicalResourceId: id = '', ResourceProperties: wanted } = Request;
  const ledger = await readLedger(secrets, version);
  if (ledger.store !== id || !ledger.created) throw new Refused(say(KEY_STORE_FOREIGN, { id }));
  const changed = changedProperties(ledger.created, wanted);
  if (changed.length > 0) throw new Refused(say(UPDATE_NOT_SUPPORTED, { parameters: changed.map((property) => `p${property}`).join(', ') }));
  const { CustomKeyStores = [] } = await kms.send(new DescribeCustomKeyStoresCommand({ CustomKeyStoreId: id }));
  // KMS may still show a name from before: one that was on its way to be changed counts too.
  const names = [CustomKeyStores[0]?.CustomKeyStoreName, ledger.created.KeyStoreName, ledger.renaming ?? wanted.KeyStoreName];
  if (names.some((name) => name !== wanted.KeyStoreName)) {
    await writeLedger(secrets, { ...ledger, renaming: wanted.KeyStoreName });
    await kms.send(new UpdateCustomKeyStoreCommand({ CustomKeyStoreId: id, NewCustomKeyStoreName: wanted.KeyStoreName })).catch(async (error: unknown) => {
      // KMS has refused: the store keeps its name, and a rollback has nothing to rename.
      if (isRefusal(error)) await writeLedger(secrets, ledger);
      throw error;
    });
  }
  const { renaming: _renamed, ...rest } = ledger;
  return { KeyStoreId: id, Ledger: await writeLedger(secrets, { ...rest, created: wanted }) };
}

/** The properties that differ and that no update can change yet. */
function changedProperties(inForce: KeyStoreProperties, wanted: KeyStoreProperties): string[] {
  const names = Object.keys({ ...inForce, ...wanted }) as (keyof KeyStoreProperties)[];
  return names.filter((name) => name !== 'KeyStoreName' && inForce[name] !== wanted[name]);
}
