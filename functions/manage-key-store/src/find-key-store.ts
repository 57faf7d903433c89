import { DescribeCustomKeyStoresCommand, type KMSClient } from '@aws-sdk/client-kms';
import { readCluster } from '../../shared/src/client-cluster';
import { readLedger, type Ledger } from '../../shared/src/ledger';
import type { Clients, KeyStoreEvent } from './step';

/** Within this time, in milliseconds, a store shows up: five attempts of a function to make it (30 s each, and 30 s between), and KMS's eventual consistency (a minute). */
const VISIBLE_AFTER = 240_000;

/** A store was about to be made moments ago: whether it was is not known yet. The state FindKeyStore tries again. */
export class KeyStoreNotYetVisible extends Error {
  override readonly name = 'KeyStoreNotYetVisible';

  constructor() {
    super('The key store was about to be created, and KMS does not show yet whether it was');
  }
}

/** How much earlier than our note a store's creation date may lie, in milliseconds: two clocks. */
const CLOCK_TOLERANCE = 60_000;

/**
 * Finds what a Delete concerns.
 * @returns KeyStoreId, empty if there is none of ours; Delete, whether to delete it; KmsUser, whether a kmsuser may be ours to remove
 */
export async function findKeyStore({ cloudHsm, kms, secrets }: Clients, { Request, Ledger: version }: KeyStoreEvent) {
  const { PhysicalResourceId = '', ResourceProperties } = Request;
  const ledger = await readLedger(secrets, version);
  const ours = ledger.store ?? (await findUnrecorded(kms, ledger.storing)) ?? '';
  // A key store's id concerns that store only; any other id (our marker, one that CloudFormation made up) is looked up in the ledger.
  const disagree = PhysicalResourceId.startsWith('cks-') && PhysicalResourceId !== ours;
  return {
    KeyStoreId: disagree ? '' : ours,
    // Another id than the store's means that CloudFormation never took the create's SUCCESS: it was cancelled before.
    Delete: ResourceProperties.DeleteKeyStoreUponStackDeletion === 'true' || ledger.created === undefined || PhysicalResourceId !== ours,
    // With its cluster, kmsuser is gone too.
    KmsUser: !disagree && ledger.intent !== undefined && (await readCluster(cloudHsm, ResourceProperties.CloudHsmClusterId)) !== undefined,
    Ledger: version,
  };
}

/** A store that was made although its id never reached the ledger: same name, same cluster, and not older than our note of it. */
async function findUnrecorded(kms: KMSClient, storing: Ledger['storing']): Promise<string | undefined> {
  if (!storing) return undefined;
  const found = await findByNote(kms, storing);
  if (found === undefined && Date.now() < Date.parse(storing.at) + VISIBLE_AFTER) throw new KeyStoreNotYetVisible();
  return found;
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
