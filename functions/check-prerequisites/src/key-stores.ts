import type { Cluster } from '@aws-sdk/client-cloudhsm-v2';
import { DescribeCustomKeyStoresCommand, type CustomKeyStoresListEntry, type KMSClient } from '@aws-sdk/client-kms';
import { CLUSTER_RELATED, CLUSTER_TAKEN, CLUSTER_UNRELATED, NAME_TAKEN } from '../../shared/src/messages';
import { say } from '../../shared/src/say';

/** Reads all custom key stores of the account and Region. */
export async function readKeyStores(kms: KMSClient): Promise<CustomKeyStoresListEntry[]> {
  const all: CustomKeyStoresListEntry[] = [];
  let Marker: string | undefined;
  do {
    const page = await kms.send(new DescribeCustomKeyStoresCommand({ ...(Marker && { Marker }) }));
    all.push(...(page.CustomKeyStores ?? []));
    Marker = page.NextMarker;
  } while (Marker !== undefined);
  return all;
}

/** Finds key stores that have the name. */
export function findNameTaken(keyStores: CustomKeyStoresListEntry[], name: string): string[] {
  return keyStores.filter(({ CustomKeyStoreName }) => CustomKeyStoreName === name).map((store) => say(NAME_TAKEN, { name, ...idAndState(store) }));
}

/**
 * Finds key stores that use the cluster, or one of the same backups (KMS API Reference, CloudHsmClusterInUseException).
 * @param used the clusters of the key stores, as far as they exist
 */
export function findClusterTaken(keyStores: CustomKeyStoresListEntry[], cluster: Cluster, used: Cluster[]): string[] {
  const { ClusterId: id = '' } = cluster;
  const relatives = used.filter((other) => other.ClusterId !== id && areRelated(other, cluster));
  return keyStores.flatMap((store) => {
    if (store.CloudHsmClusterId === id) return [say(CLUSTER_TAKEN, { cluster: id, ...idAndState(store) })];
    const relative = relatives.find(({ ClusterId }) => ClusterId === store.CloudHsmClusterId);
    return relative ? [say(CLUSTER_RELATED, { relative: relative.ClusterId ?? '', ...idAndState(store) })] : [];
  });
}

/**
 * Finds out whether a cluster cannot take the place of the one that a key store has (KMS API Reference, CloudHsmClusterNotRelatedException).
 * @param before that one; if it is gone, only KMS can tell
 */
export function findUnrelated({ CustomKeyStoreId: id = '', CloudHsmClusterId: old = '' }: CustomKeyStoresListEntry, cluster: Cluster, before: Cluster | undefined): string[] {
  if (!before || areRelated(before, cluster)) return [];
  return [say(CLUSTER_UNRELATED, { cluster: cluster.ClusterId ?? '', old, id })];
}

/** Clusters of the same backups have the same certificate (CloudHSM User Guide, initialize-cluster; KMS Developer Guide, update-keystore). */
export function areRelated(one: Cluster, other: Cluster): boolean {
  const certificate = one.Certificates?.ClusterCertificate;
  return one.ClusterId === other.ClusterId || (certificate !== undefined && certificate === other.Certificates?.ClusterCertificate);
}

function idAndState({ CustomKeyStoreId: id = '', ConnectionState: state }: CustomKeyStoresListEntry): { id: string; state: string } {
  return { id, state: state ?? 'in a state that is not told' };
}
