import type { CloudHsm } from '../cloudhsm/cloudhsm';
import { activeHsms, type Cluster } from '../cloudhsm/cluster';
import { AwsError } from '../errors';

/**
 * The cluster of a key store to be, or to be moved: there, ACTIVE, with two active HSMs in different Availability Zones
 * (KMS Developer Guide, create-keystore: "Assemble the prerequisites").
 * @throws AwsError CloudHsmClusterNotFoundException, CloudHsmClusterNotActiveException, CloudHsmClusterInvalidConfigurationException
 */
export function checkCluster(cloudHsm: CloudHsm, clusterId: string): Cluster {
  const cluster = cloudHsm.findCluster(clusterId);
  if (!cluster || cluster.state === 'DELETED') throw new AwsError('CloudHsmClusterNotFoundException', `Cluster ${clusterId} was not found`);
  checkActive(cluster);
  const zones = new Set(activeHsms(cluster).map((hsm) => hsm.availabilityZone));
  if (zones.size < 2)
    throw new AwsError('CloudHsmClusterInvalidConfigurationException', `Cluster ${clusterId} must contain at least two active HSMs, each in a different Availability Zone`);
  return cluster;
}

/** @throws AwsError CloudHsmClusterNotActiveException */
export function checkActive(cluster: Cluster): void {
  if (cluster.state !== 'ACTIVE') throw new AwsError('CloudHsmClusterNotActiveException', `Cluster ${cluster.clusterId} is not active: ${cluster.state}`);
}
