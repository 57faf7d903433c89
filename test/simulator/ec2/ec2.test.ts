import { DescribeSecurityGroupsCommand, DescribeSubnetsCommand, DescribeVpcsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { RealWork } from '../../../simulator/clock';
import type { Caller } from '../../../simulator/iam/iam';
import { LocalAccount } from '../../../simulator/local-account';

let account: LocalAccount;
let groupId: string;
let subnetIds: string[];
let clusterId: string;

beforeEach(async () => {
  account = await LocalAccount.open();
  clusterId = account.cloudHsm.addCluster({ zones: ['eu-central-1a', 'eu-central-1b'], adminPassword: 'password' });
  const cluster = account.cloudHsm.cluster(clusterId);
  groupId = cluster.securityGroup;
  subnetIds = Object.values(cluster.subnetMapping);
});

afterEach(async () => {
  await account.close();
});

/** Lets the real client ask as a caller; virtual time goes on while it waits. */
async function ask<T>(question: (client: EC2Client) => Promise<T>, caller: Caller = account.aws.iam.deployer): Promise<T> {
  const { aws, endpoint } = account;
  const work = new RealWork(aws.clock);
  const session = endpoint.openSession(caller, work);
  const client = new EC2Client({ region: aws.region, endpoint: endpoint.url, credentials: session, maxAttempts: 1 });
  try {
    return await aws.clock.runUntilSettled(question(client).finally(() => work.end()));
  } finally {
    client.destroy();
    session.close();
  }
}

const subnets = (Values: string[], Name = 'subnet-id') => ask((client) => client.send(new DescribeSubnetsCommand({ Filters: [{ Name, Values }] })));
const groups = (Values: string[]) => ask((client) => client.send(new DescribeSecurityGroupsCommand({ Filters: [{ Name: 'group-id', Values }] })));

describe('DescribeSubnets', () => {
  it('shows a subnet in each zone of a cluster to the real client', async () => {
    const { Subnets = [] } = await subnets(subnetIds);
    expect(Subnets.map(({ AvailabilityZone }) => AvailabilityZone)).toEqual(['eu-central-1a', 'eu-central-1b']);
    // 251 of a /24, less the HSM's own.
    expect(Subnets[0]).toEqual(expect.objectContaining({ SubnetId: subnetIds[0], State: 'available', AvailableIpAddressCount: 250, MapPublicIpOnLaunch: false, OwnerId: '111122223333' }));
  });

  it('shows only those that are asked for, and nothing for an id that nobody has', async () => {
    expect((await subnets([subnetIds[1] ?? ''])).Subnets).toHaveLength(1);
    expect((await subnets(['subnet-00000000000000000'])).Subnets).toEqual([]);
  });

  it('shows how many addresses are free, and no subnet that was deleted', async () => {
    const [first = '', second = ''] = subnetIds;
    account.ec2.setFreeAddresses(first, 0);
    account.ec2.deleteSubnet(second);
    expect((await subnets(subnetIds)).Subnets).toMatchObject([{ SubnetId: first, AvailableIpAddressCount: 0 }]);
  });
});

describe('DescribeSecurityGroups', () => {
  const rule = (group: string) => [{ IpProtocol: 'tcp', FromPort: 2223, ToPort: 2225, UserIdGroupPairs: [{ GroupId: group, UserId: '111122223333' }] }];

  it('shows the group of a cluster with the rules that CloudHSM makes', async () => {
    const { SecurityGroups } = await groups([groupId]);
    expect(SecurityGroups).toMatchObject([{ GroupId: groupId, GroupName: `cloudhsm-${clusterId}-sg`, IpPermissions: rule(groupId), IpPermissionsEgress: rule(groupId) }]);
  });

  it('shows rules as they are changed', async () => {
    account.ec2.revokeRules(groupId, 'inbound');
    account.ec2.authorize(groupId, 'outbound', { protocol: '-1', cidr: '0.0.0.0/0' });
    const { SecurityGroups } = await groups([groupId]);
    expect(SecurityGroups?.[0]?.IpPermissions).toEqual([]);
    expect(SecurityGroups?.[0]?.IpPermissionsEgress?.[1]).toMatchObject({ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] });
  });
});

it('denies a role without the permission, in EC2’s words', async () => {
  const caller: Caller = { arn: 'arn:aws:sts::111122223333:assumed-role/nobody/session', roleName: 'nobody' };
  const asked = ask((client) => client.send(new DescribeSubnetsCommand({})), caller);
  await expect(asked).rejects.toMatchObject({ name: 'UnauthorizedOperation', $metadata: { httpStatusCode: 403 }, message: expect.stringContaining('ec2:DescribeSubnets') as string });
  expect(account.aws.calls).toMatchObject([{ service: 'ec2', operation: 'DescribeSubnets', denied: true, error: 'UnauthorizedOperation' }]);
});

it('a fault reaches the real client as the service’s, or the caller’s', async () => {
  account.aws.failCalls({ service: 'ec2', operation: 'DescribeSubnets', code: 'InternalError' });
  await expect(subnets([])).rejects.toMatchObject({ name: 'InternalError', $metadata: { httpStatusCode: 500 } });
});

it.each<[string, () => Promise<unknown>]>([
  ['operation ec2:DescribeVpcs', () => ask((client) => client.send(new DescribeVpcsCommand({})))],
  ['the EC2 filter vpc-id', () => subnets(['vpc-1'], 'vpc-id')],
  ['field SubnetId.1 of ec2:DescribeSubnets', () => ask((client) => client.send(new DescribeSubnetsCommand({ SubnetIds: ['subnet-1'] })))],
])('%s is refused by name', async (name, question) => {
  await expect(question()).rejects.toMatchObject({ name: 'NotModelled' });
  expect(account.refusals).toEqual([expect.stringContaining(name)]);
});
