import { paginateDescribeClusters, type CloudHSMV2Client, type Cluster, type Hsm } from '@aws-sdk/client-cloudhsm-v2';
import type { ClientResult } from './client-result';
import { environment } from './environment';
import { CLI_NOT_CONFIGURED, CLI_OTHER_CLUSTER } from './messages';
import { say } from './say';

/** Reads clusters; one that does not exist, or is deleted (it is listed for a while), is left out. */
export async function readClusters(cloudHsm: CloudHSMV2Client, clusterIds: string[]): Promise<Cluster[]> {
  if (clusterIds.length === 0) return [];
  const all: Cluster[] = [];
  for await (const { Clusters = [] } of paginateDescribeClusters({ client: cloudHsm }, { Filters: { clusterIds } })) all.push(...Clusters);
  return all.filter(({ ClusterId = '', State }) => clusterIds.includes(ClusterId) && State?.startsWith('DELETE') === false);
}

/** Reads a cluster; one that does not exist, or is deleted, is undefined. */
export async function readCluster(cloudHsm: CloudHSMV2Client, clusterId: string): Promise<Cluster | undefined> {
  try {
    return (await readClusters(cloudHsm, [clusterId]))[0];
  } catch (error) {
    // Whether an unknown id answers an empty list or this, nothing documents; the template's pattern lets only well-formed ids in.
    if (error instanceof Error && error.name === 'CloudHsmInvalidRequestException') return undefined;
    throw error;
  }
}

/** How many of a cluster's HSMs are ACTIVE: all of them must answer the client. */
export function countActive({ Hsms = [] }: Cluster): number {
  return Hsms.filter(({ State }) => State === 'ACTIVE').length;
}

/**
 * Says what is wrong if the client's CLI is not configured for this cluster: it would look, and log in, elsewhere.
 * One address is enough, because the CLI learns of the others from the cluster. One that is no HSM's of this cluster is too many: it may be
 * that of an HSM which was deleted, and by now another cluster's, which would get the admin's password.
 * @param inspection what the client script found; its `hosts` are the addresses in the CLI's configuration
 */
export function findWrongConfiguration({ ClusterId = '', Hsms = [] }: Cluster, { hosts = '' }: ClientResult): string | undefined {
  // The file that comes with the package has a placeholder in place of an address.
  const configured = hosts.split(' ').filter((host) => /[.:]/.test(host));
  const known = Hsms.flatMap(addressesOf);
  if (configured.length > 0 && configured.every((host) => known.includes(host))) return undefined;
  const wanted = { instance: environment('INSTANCE'), cluster: ClusterId, known: known.join(', ') || 'none' };
  return configured.length === 0 ? say(CLI_NOT_CONFIGURED, wanted) : say(CLI_OTHER_CLUSTER, { ...wanted, configured: configured.join(', ') });
}

/** EniIpV6 is younger than this client's types (CloudHSM v2 API Reference, Hsm). */
function addressesOf({ EniIp, EniIpV6 }: Hsm & { EniIpV6?: string }): string[] {
  return [EniIp, EniIpV6].filter((address) => address !== undefined);
}
