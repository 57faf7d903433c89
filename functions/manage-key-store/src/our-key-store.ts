import { DescribeCustomKeyStoresCommand, type KMSClient } from '@aws-sdk/client-kms';
import type { Ledger } from '../../shared/src/ledger';

/** Within this time, in milliseconds, a store shows up: five attempts of a function to make it (30 s each, and 30 s between), and KMS's eventual consistency (a minute). */
export const VISIBLE_AFTER = 240_000;

/** KMS may not show yet a store that was about to be made moments ago. The states FindKeyStore and PlanUpdate try again. */
export class KeyStoreNotYetVisible extends Error {
  override readonly name = 'KeyStoreNotYetVisible';

  constructor() {
    super('KMS does not show the key store, and may not show it yet');
  }
}

/** How much earlier than our note a store's creation date may lie, in milliseconds: two clocks. */
const CLOCK_TOLERANCE = 60_000;

/**
 * Finds the id of this stack's key store: one that was made although its id never reached the ledger (same name, same cluster, and not older
 * than our note of it), or the one that the ledger knows.
 * @throws KeyStoreNotYetVisible
 */
export async function findOurs(kms: KMSClient, { storing, store, changing }: Ledger): Promise<string | undefined> {
  // Release 0.1.0 kept its note beside the id. Only an update makes a store anew.
  if (!storing || (store !== undefined && !changing)) return store;
  const found = await findByNote(kms, storing);
  if (found === undefined && Date.now() < Date.parse(storing.at) + VISIBLE_AFTER) throw new KeyStoreNotYetVisible();
  return found ?? store;
}

/** The ledger, once a store is known to have been made. */
export function withStore({ storing: _made, ...ledger }: Ledger, store: string): Ledger {
  if (ledger.store === store) return ledger;
  return { ...ledger, store, ...(ledger.store !== undefined && { earlier: [...(ledger.earlier ?? []), ledger.store] }) };
}

async function findByNote(kms: KMSClient, storing: NonNullable<Ledger['storing']>): Promise<string | undefined> {
  try {
    const { CustomKeyStores = [] } = await kms.send(new DescribeCustomKeyStoresCommand({ CustomKeyStoreName: storing.name }));
    return CustomKeyStores.find(
      ({ CloudHsmClusterId, CreationDate }) =>
        CloudHsmClusterId === storing.clusterId && CreationDate !== undefined && CreationDate.getTime() > Date.parse(storing.at) - CLOCK_TOLERANCE,
    )?.CustomKeyStoreId;
  } catch (error) {
    if (error instanceof Error && error.name === 'CustomKeyStoreNotFoundException') return undefined;
    throw error;
  }
}
