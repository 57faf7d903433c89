import type { Cluster } from '@aws-sdk/client-cloudhsm-v2';
import { DescribeSecurityGroupsCommand, DescribeSubnetsCommand, type EC2Client, type IpPermission } from '@aws-sdk/client-ec2';
import { SECURITY_GROUP_CLOSED, SECURITY_GROUP_MISSING, SUBNET_FULL, SUBNET_MISSING } from '../../shared/src/messages';
import { say } from '../../shared/src/say';

/** The ports of an HSM (KMS Developer Guide, create-keystore). */
const PORTS = [2223, 2224, 2225];

/**
 * Finds what keeps KMS from its network interface in each subnet of the cluster. Whether a subnet is private, as KMS asks, is not looked at:
 * the routes decide it, and KMS's service-linked role may not read them either.
 */
export async function checkSubnets(ec2: EC2Client, { SubnetMapping = {} }: Cluster): Promise<string[]> {
  const ids = Object.values(SubnetMapping);
  if (ids.length === 0) return [];
  // By filter: an id that does not exist is then left out, and is no error.
  const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({ Filters: [{ Name: 'subnet-id', Values: ids }] }));
  return ids.flatMap((subnet) => {
    const found = Subnets.find(({ SubnetId }) => SubnetId === subnet);
    if (!found) return [say(SUBNET_MISSING, { subnet })];
    return found.AvailableIpAddressCount === 0 ? [say(SUBNET_FULL, { subnet })] : [];
  });
}

/** Finds out whether the cluster's security group lets the HSMs, and KMS, talk with each other. */
export async function checkSecurityGroup(ec2: EC2Client, { SecurityGroup: group }: Cluster): Promise<string[]> {
  if (group === undefined) return [];
  const { SecurityGroups = [] } = await ec2.send(new DescribeSecurityGroupsCommand({ Filters: [{ Name: 'group-id', Values: [group] }] }));
  const found = SecurityGroups.find(({ GroupId }) => GroupId === group);
  if (!found) return [say(SECURITY_GROUP_MISSING, { group })];
  const { IpPermissions = [], IpPermissionsEgress = [] } = found;
  return [
    ...(isOpen(IpPermissions, group) ? [] : [say(SECURITY_GROUP_CLOSED, { group, direction: 'inbound' })]),
    ...(isOpen(IpPermissionsEgress, group) ? [] : [say(SECURITY_GROUP_CLOSED, { group, direction: 'outbound' })]),
  ];
}

/**
 * Whether rules cover all ports for the group itself. The guide asks for the group as source and destination; a rule for every address
 * includes it, and how strictly KMS takes that nothing documents: what is not plainly closed is left to KMS.
 */
function isOpen(rules: IpPermission[], group: string): boolean {
  return PORTS.every((port) =>
    rules.some(
      ({ IpProtocol, FromPort = port, ToPort = port, UserIdGroupPairs = [], IpRanges = [] }) =>
        ['tcp', '6', '-1'].includes(IpProtocol ?? '') &&
        FromPort <= port &&
        port <= ToPort &&
        (UserIdGroupPairs.some(({ GroupId }) => GroupId === group) || IpRanges.some(({ CidrIp }) => CidrIp === '0.0.0.0/0')),
    ),
  );
}
