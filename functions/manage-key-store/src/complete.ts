import type { KMSClient } from '@aws-sdk/client-kms';
import { checkNewest } from '../../shared/src/check-newest';
import { readVersion, writeLedgerOnce, type Ledger } from '../../shared/src/ledger';
import type { KeyStoreProperties } from '../../shared/src/request';
import { describe } from './describe';
import { isReverse } from './is-reverse';
import { rotatedFrom } from './rotation';
import type { Clients, KeyStoreEvent } from './step';

/**
 * Records, before SUCCESS is answered, with which properties the create or update is complete: from the create on the store is the user's to
 * keep, and the next update finds nothing half-done.
 */
export async function complete({ kms, secrets }: Clients, { Request, Ledger: read, Execution }: KeyStoreEvent) {
  const { ledger, version } = await readVersion(secrets, read);
  await checkNewest(secrets, Execution);
  const created = Request.ResourceProperties;
  const { changing: _changed, rotatedFrom: _before, unmended: _unmended, ...rest } = ledger;
  const before = rotatedFrom(created, ledger);
  const unmended = await findUnmended(kms, created, ledger);
  return {
    Ledger: await writeLedgerOnce(secrets, { ...rest, created, ...(before !== undefined && { rotatedFrom: before }), ...(unmended !== undefined && { unmended }) }, version),
  };
}

/** What a rollback leaves out of service because it was so before: an update that comes next must not take that for somebody's wish. */
async function findUnmended(kms: KMSClient, wanted: KeyStoreProperties, { created, changing, store = '' }: Ledger): Promise<string | undefined> {
  if (!created || !isReverse(wanted, created) || !['FAILED', 'GONE'].includes(changing?.before ?? '')) return undefined;
  return (await describe(kms, store))?.ConnectionState === 'CONNECTED' ? undefined : (changing?.code ?? '');
}
