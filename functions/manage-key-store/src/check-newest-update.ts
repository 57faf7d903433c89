import { checkNewest } from '../../shared/src/check-newest';
import type { Clients, KeyStoreEvent } from './step';

/** Makes sure that no later update has planned since. Nothing takes over from a Delete, which names no execution. */
export async function checkNewestUpdate({ secrets }: Clients, { Execution }: Pick<KeyStoreEvent, 'Execution'>): Promise<object> {
  await checkNewest(secrets, Execution);
  return {};
}
