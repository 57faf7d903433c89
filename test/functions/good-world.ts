import { X509Certificate } from 'node:crypto';
import { exampleCertificates } from '../../simulator/cloudhsm/example-certificates';
import { clusterWith, hosts, invocation, PROPERTIES } from './requests';
import { Secrets } from './secrets';
import type { Json, Script } from './wire';

/** SHA-256 of the customer CA certificate, as openssl and Node write it. */
export const FINGERPRINT = new X509Certificate(exampleCertificates.trustAnchor).fingerprint256;

/** An active cluster with HSMs in these Availability Zones, in subnets and a security group of its own. */
export function cluster(zones: string[], more: Json = {}): Json {
  return clusterWith(zones, {
    HsmType: 'hsm1.medium',
    SubnetMapping: { a: 'subnet-1', b: 'subnet-2' },
    SecurityGroup: 'sg-1',
    Certificates: { ClusterCertificate: exampleCertificates.clusterCertificate },
    ...more,
  });
}

/** What the script answered that found nothing wrong, with what a test changes. */
export function inspected(more: Record<string, string> = {}): Json {
  return invocation({
    outcome: 'inspected',
    logins: '0',
    hosts: hosts(2),
    certificate: FINGERPRINT,
    version: '5.17.2',
    hsms: '2',
    quorum: '1',
    admins: 'admin/false/full/no',
    kmsuser: 'absent',
    ...more,
  });
}

/** How Systems Manager shows the client. */
export function instance(PingStatus: string, PlatformType = 'Linux'): Json {
  return { InstanceInformationList: [{ InstanceId: PROPERTIES.ClientInstanceId, PingStatus, PlatformType }] };
}

/** The cluster's subnets, with so many free addresses each. */
export function subnets(...free: number[]): Json {
  return { Subnets: free.map((AvailableIpAddressCount, index) => ({ SubnetId: `subnet-${String(index + 1)}`, AvailableIpAddressCount })) };
}

/** The rule that CloudHSM makes (CloudHSM User Guide, configure-sg). */
export const RULE: Json = { IpProtocol: 'tcp', FromPort: 2223, ToPort: 2225, UserIdGroupPairs: [{ GroupId: 'sg-1' }] };

/** The cluster's security group, with these rules. */
export function securityGroup(inbound: Json[] = [RULE], outbound: Json[] = [RULE]): Json {
  return { SecurityGroups: [{ GroupId: 'sg-1', IpPermissions: inbound, IpPermissionsEgress: outbound }] };
}

/** The user's two secrets. */
export function userSecrets(admin = 'pa55word', certificate = exampleCertificates.trustAnchor): Secrets {
  return new Secrets().put('admin-secret', admin).put('ca-secret', certificate);
}

/** What AWS answers when nothing is wrong. */
export const GOOD: Script = {
  'kms:DescribeCustomKeyStores': { CustomKeyStores: [] },
  'cloudhsm:DescribeClusters': cluster(['a', 'b']),
  'ec2:DescribeSubnets': subnets(251, 251),
  'ec2:DescribeSecurityGroups': securityGroup(),
  'ssm:DescribeInstanceInformation': instance('Online'),
  'ssm:GetCommandInvocation': inspected(),
};
