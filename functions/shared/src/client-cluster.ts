import { DescribeClustersCommand, type CloudHSMV2Client, type Cluster } from '@aws-sdk/client-cloudhsm-v2';
import type { ClientResult } from './client-result';
import { environment } from './environment';

/** Reads a cluster; one that does not exist, or is deleted, is undefined. An unknown id answers an empty list, and a deleted one is listed for a while. */
export async function readCluster(cloudHsm: CloudHSMV2Client, clusterId: string): Promise<Cluster | undefined> {
  const { Clusters = [] } = await cloudHsm.send(new DescribeClustersCommand({ Filters: { clusterIds: [clusterId] } }));
  const cluster = Clusters.find((candidate) => candidate.ClusterId === clusterId);
  return cluster?.State?.startsWith('DELETE') ? undefined : cluster;
}

/**
 * Says what is wrong if the client's CLI is not configured for exactly this cluster: it would look, and log in, elsewhere.
 * @param inspection what the client script found; its `hosts` are the addresses in the CLI's configuration
 */
export function findWrongConfiguration({ ClusterId, Hsms = [] }: Cluster, { hosts = '' }: ClientResult): string | undefined {
  const configured = hosts.split(' ').filter((host) => host !== '');
  const known = Hsms.map(({ EniIp }) => EniIp);
  const active = Hsms.filter(({ State }) => State === 'ACTIVE');
  const complete = active.every(({ EniIp = '' }) => configured.includes(EniIp));
  if (configured.length > 0 && complete && configured.every((host) => known.includes(host))) return undefined;
  return (
    `The CloudHSM CLI of client instance ${environment('INSTANCE')} is configured for ${configured.join(', ') || 'no HSM that could be read'}, and the active HSMs of cluster ${ClusterId} are ` +
    `${active.map(({ EniIp }) => EniIp).join(', ') || 'none'}: run configure-cli -a with the addresses of all HSMs of this cluster and of no other`
  );
}
