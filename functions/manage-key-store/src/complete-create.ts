import { readLedger, writeLedgerOnce } from '../../shared/src/ledger';
import type { Clients, KeyStoreEvent } from './step';

/** Records, before SUCCESS is answered, that the create is complete and with which properties: from now on the store is the user's to keep. */
export async function completeCreate({ secrets }: Clients, { Request, Ledger: version }: KeyStoreEvent) {
  const ledger = await readLedger(secrets, version);
  return { Ledger: await writeLedgerOnce(secrets, { ...ledger, created: Request.ResourceProperties }, version) };
}
