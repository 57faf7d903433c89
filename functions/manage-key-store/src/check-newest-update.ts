import { checkNewest } from '../../shared/src/check-newest';
import { readLedger } from '../../shared/src/ledger';
import type { Clients, KeyStoreEvent } from './step';

/** Makes sure that no later update has planned since. A request that has written no version of the ledger, a Delete, is not looked at. */
export async function checkNewestUpdate({ secrets }: Clients, { Ledger: version }: KeyStoreEvent): Promise<object> {
  if (version !== '') await checkNewest(secrets, (await readLedger(secrets, version)).newest?.execution);
  return {};
}
