import type { Cluster } from '@aws-sdk/client-cloudhsm-v2';

/** KMS makes a key store only on a cluster with this many active HSMs, in as many Availability Zones (KMS API Reference, CreateCustomKeyStore). */
const NEEDED = 2;

/** What to do in the states that do not end by themselves. */
const REMEDIES: Record<string, string> = {
  UNINITIALIZED: 'initialize it (aws cloudhsmv2 initialize-cluster) and activate it (cloudhsm-cli cluster activate)',
  INITIALIZED: 'activate it (cloudhsm-cli cluster activate)',
};

/** Finds what keeps the cluster from having a key store. */
export function checkCluster(clusterId: string, cluster: Cluster | undefined): string[] {
  if (!cluster?.State) return [`Cluster ${clusterId} does not exist in this account and Region: check pCloudHsmClusterId`];
  const findings: string[] = [];
  if (cluster.State !== 'ACTIVE') findings.push(`Cluster ${clusterId} is ${cluster.State}: ${REMEDIES[cluster.State] ?? 'wait until it is ACTIVE'}`);
  const active = (cluster.Hsms ?? []).filter((hsm) => hsm.State === 'ACTIVE');
  const zones = new Set(active.map((hsm) => hsm.AvailabilityZone));
  if (active.length < NEEDED || zones.size < NEEDED) {
    findings.push(
      `Cluster ${clusterId} has ${active.length} active HSMs in ${zones.size} Availability Zones, and a key store needs ${NEEDED} in ${NEEDED}: ` +
        'add HSMs (aws cloudhsmv2 create-hsm) and wait until they are ACTIVE',
    );
  }
  return findings;
}
