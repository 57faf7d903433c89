import { readCluster } from '../../shared/src/client-cluster';
import { readVersion } from '../../shared/src/ledger';
import { findOurs } from './our-key-store';
import type { Clients, KeyStoreEvent } from './step';
import { takeOver } from './take-over';

/**
 * Finds what a Delete concerns.
 * @throws EarlierUpdateMayAct or KeyStoreNotYetVisible, to be tried again
 * @returns KeyStoreId, empty if there is none of ours; Delete, whether to delete it; KmsUser, whether a kmsuser may be ours to remove
 */
export async function findKeyStore({ cloudHsm, kms, secrets }: Clients, { Request, Ledger, Execution = '' }: KeyStoreEvent) {
  const { PhysicalResourceId = '', ResourceProperties } = Request;
  const { ledger, version } = await readVersion(secrets, Ledger);
  // An update that the rollback of other names could not start for, or did not outlive, may still run.
  await takeOver(secrets, ledger, version, Execution);
  const ours = (await findOurs(kms, ledger)) ?? '';
  // While a store that had gone is made again, CloudFormation knows it by its earlier id. Once that is complete, a Delete of the earlier id is but a clean-up.
  const known = ledger.changing?.before === 'GONE' ? [ours, ledger.store, ...(ledger.earlier ?? [])] : [ours];
  // A key store's id concerns that store only; any other id (our marker, one that CloudFormation made up) is looked up in the ledger.
  const disagree = PhysicalResourceId.startsWith('cks-') && !known.includes(PhysicalResourceId);
  return {
    KeyStoreId: disagree ? '' : ours,
    // Another id than the store's means that CloudFormation never took the SUCCESS of the request that made it: that was cancelled before.
    Delete: ResourceProperties.DeleteKeyStoreUponStackDeletion === 'true' || ledger.created === undefined || PhysicalResourceId !== ours,
    // With its cluster, kmsuser is gone too.
    KmsUser: !disagree && ledger.intent !== undefined && (await readCluster(cloudHsm, ResourceProperties.CloudHsmClusterId)) !== undefined,
    Ledger,
  };
}
