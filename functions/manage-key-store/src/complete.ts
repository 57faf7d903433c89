import { readVersion, writeLedgerOnce } from '../../shared/src/ledger';
import { rotatedFrom } from './rotation';
import type { Clients, KeyStoreEvent } from './step';

/**
 * Records, before SUCCESS is answered, with which properties the create or update is complete: from the create on the store is the user's to
 * keep, and the next update finds nothing half-done.
 */
export async function complete({ secrets }: Clients, { Request, Ledger }: KeyStoreEvent) {
  const { ledger, version } = await readVersion(secrets, Ledger);
  const created = Request.ResourceProperties;
  const { changing: _changed, rotatedFrom: _before, ...rest } = ledger;
  const before = rotatedFrom(created, ledger);
  return { Ledger: await writeLedgerOnce(secrets, { ...rest, created, ...(before !== undefined && { rotatedFrom: before }) }, version) };
}
