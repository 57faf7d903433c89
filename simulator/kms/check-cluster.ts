import type { CloudHsm } from '../cloudhsm/cloudhsm';
import { activeHsms, type Cluster } from '../cloudhsm/cluster';
import { allowsItself } from '../ec2/network';
import { AwsError } from '../errors';

/** The ports on which clients talk to HSMs (KMS Developer Guide, create-keystore). */
const firstPort = 2223;
const lastPort = 2225;

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
  if (zones.size < 2) throw invalidConfiguration(`Cluster ${clusterId} must contain at least two active HSMs, each in a different Availability Zone`);
  checkNetwork(cloudHsm, cluster);
  return cluster;
}

/**
 * What every connect asks for again (KMS API, CloudHsmClusterInvalidConfigurationException): subnets in two zones, as the cluster's configuration
 * lists them, and the group's rules to and from itself. Whether a wider rule satisfies KMS is undocumented; it does here. [U]
 * @throws AwsError CloudHsmClusterInvalidConfigurationException
 */
export function checkNetwork({ ec2 }: CloudHsm, { clusterId, subnetMapping, securityGroup }: Cluster): void {
  if (Object.keys(subnetMapping).length < 2)
    throw invalidConfiguration(`Cluster ${clusterId} must be configured with private subnets in at least two Availability Zones`);
  const group = ec2.findSecurityGroup(securityGroup);
  for (const direction of ['inbound', 'outbound'] as const)
    if (!group || !allowsItself(group, direction, firstPort, lastPort))
      throw invalidConfiguration(`The security group of cluster ${clusterId} must include ${direction} rules that allow TCP on ports ${firstPort}-${lastPort}`);
}

/** @throws AwsError CloudHsmClusterNotActiveException */
export function checkActive(cluster: Cluster): void {
  if (cluster.state !== 'ACTIVE') throw new AwsError('CloudHsmClusterNotActiveException', `Cluster ${cluster.clusterId} is not active: ${cluster.state}`);
}

function invalidConfiguration(message: string): AwsError {
  return new AwsError('CloudHsmClusterInvalidConfigurationException', message);
}
