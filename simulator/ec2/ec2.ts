import type { Json, JsonObject, LocalAws, Operation, Service } from '../aws';
import { AwsError, NotModelled } from '../errors';
import { onlyFields } from '../only-fields';
import { textList } from '../request-fields';
import { timings } from '../timings';
import type { Direction, IpPermission, SecurityGroup, Subnet } from './network';
import { ec2QueryProtocol } from './query-protocol';

/** Amazon EC2, as far as the network around a cluster goes: subnets and security groups. */
export class Ec2 implements Service {
  readonly name = 'ec2';
  readonly wire = ec2QueryProtocol;
  readonly state: { subnets: Subnet[]; securityGroups: SecurityGroup[] } = { subnets: [], securityGroups: [] };
  readonly operations: Readonly<Record<string, Operation>>;

  constructor(readonly aws: LocalAws) {
    this.operations = {
      DescribeSubnets: this.#operation('DescribeSubnets', (filters) => ({
        Subnets: this.#found(this.state.subnets, filters, 'subnet-id', 'subnetId').map((subnet) => this.#describeSubnet(subnet)),
      })),
      DescribeSecurityGroups: this.#operation('DescribeSecurityGroups', (filters) => ({
        SecurityGroups: this.#found(this.state.securityGroups, filters, 'group-id', 'groupId').map((group) => this.#describeGroup(group)),
      })),
    };
    aws.register(this);
  }

  /** EC2's own name for a call that IAM denies, with status 403. Source: EC2 API, errors-overview. */
  denied({ message }: AwsError): AwsError {
    return new AwsError('UnauthorizedOperation', `You are not authorized to perform this operation. ${message}`, 403);
  }

  /** Makes a /24 subnet in a zone of a VPC. */
  addSubnet(vpcId: string, availabilityZone: string): Subnet {
    const cidrBlock = `10.${Math.floor(this.state.subnets.length / 256)}.${this.state.subnets.length % 256}.0/24`;
    // AWS keeps five addresses of a block to itself. Source: VPC User Guide, subnet-sizing.
    const subnet: Subnet = { subnetId: `subnet-${this.aws.identifier(17)}`, availabilityZone, vpcId, cidrBlock, freeAddresses: 251 };
    this.state.subnets.push(subnet);
    return subnet;
  }

  /** Makes a security group without rules. */
  addSecurityGroup(vpcId: string, groupName: string, description: string): SecurityGroup {
    const group: SecurityGroup = { groupId: `sg-${this.aws.identifier(17)}`, groupName, description, vpcId, rules: { inbound: [], outbound: [] } };
    this.state.securityGroups.push(group);
    return group;
  }

  findSubnet(subnetId: string): Subnet | undefined {
    return this.state.subnets.find((subnet) => subnet.subnetId === subnetId);
  }

  findSecurityGroup(groupId: string): SecurityGroup | undefined {
    return this.state.securityGroups.find((group) => group.groupId === groupId);
  }

  /** How many addresses a subnet has left. @throws Error for an unknown id, as the next three */
  setFreeAddresses(subnetId: string, free: number): void {
    this.#subnet(subnetId).freeAddresses = free;
  }

  deleteSubnet(subnetId: string): void {
    this.state.subnets.splice(this.state.subnets.indexOf(this.#subnet(subnetId)), 1);
  }

  /** Takes every rule of one direction away. */
  revokeRules(groupId: string, direction: Direction): void {
    this.#group(groupId).rules[direction] = [];
  }

  /** Adds a rule. */
  authorize(groupId: string, direction: Direction, permission: IpPermission): void {
    this.#group(groupId).rules[direction].push(permission);
  }

  /** Neither action knows a resource but `*`. Source: Service Authorization Reference, Amazon EC2. */
  #operation(name: string, run: (filters: Json | undefined) => JsonObject): Operation {
    return {
      source: `EC2 API, ${name}`,
      fields: ['Filters'],
      permissions: () => [{ action: `ec2:${name}`, resource: '*' }],
      latency: timings.apiCall,
      run: (input) => run(input['Filters']),
    };
  }

  /** A filter for an id that nobody has finds nothing, and is no error. Source: EC2 User Guide, Using_Filtering. */
  #found<Key extends string, Thing extends Record<Key, string>>(all: readonly Thing[], filters: Json | undefined, filterName: string, key: Key): Thing[] {
    if (filters === undefined) return [...all];
    if (!Array.isArray(filters)) throw new AwsError('InvalidParameterValue', 'Filters must be a list');
    const wanted = filters.map((filter) => {
      if (typeof filter !== 'object' || filter === null || Array.isArray(filter))
        throw new AwsError('InvalidParameterValue', 'A filter must have a name and values');
      onlyFields(filter, ['Name', 'Values'], 'a filter');
      if (filter['Name'] !== filterName) throw new NotModelled(`the EC2 filter ${String(filter['Name'])}`);
      const values = textList(filter['Values'], 'Filter.Value');
      if (values.some((value) => /[*?]/.test(value))) throw new NotModelled('wildcards in an EC2 filter');
      return values;
    });
    return all.filter((thing) => wanted.every((values) => values.includes(thing[key])));
  }

  #describeSubnet({ subnetId, availabilityZone, vpcId, cidrBlock, freeAddresses }: Subnet): JsonObject {
    return {
      SubnetId: subnetId,
      SubnetArn: this.aws.arn('ec2', `subnet/${subnetId}`),
      State: 'available',
      VpcId: vpcId,
      CidrBlock: cidrBlock,
      AvailableIpAddressCount: freeAddresses,
      AvailabilityZone: availabilityZone,
      DefaultForAz: false,
      MapPublicIpOnLaunch: false,
      OwnerId: this.aws.account,
    };
  }

  #describeGroup({ groupId, groupName, description, vpcId, rules }: SecurityGroup): JsonObject {
    return {
      GroupId: groupId,
      GroupName: groupName,
      Description: description,
      OwnerId: this.aws.account,
      VpcId: vpcId,
      IpPermissions: rules.inbound.map((rule) => this.#describeRule(rule)),
      IpPermissionsEgress: rules.outbound.map((rule) => this.#describeRule(rule)),
    };
  }

  #describeRule({ protocol, fromPort, toPort, groupId, cidr }: IpPermission): JsonObject {
    return {
      IpProtocol: protocol,
      ...(fromPort !== undefined && { FromPort: fromPort }),
      ...(toPort !== undefined && { ToPort: toPort }),
      UserIdGroupPairs: groupId === undefined ? [] : [{ UserId: this.aws.account, GroupId: groupId }],
      IpRanges: cidr === undefined ? [] : [{ CidrIp: cidr }],
      Ipv6Ranges: [],
      PrefixListIds: [],
    };
  }

  #subnet(subnetId: string): Subnet {
    const subnet = this.findSubnet(subnetId);
    if (!subnet) throw new Error(`There is no subnet ${subnetId}`);
    return subnet;
  }

  #group(groupId: string): SecurityGroup {
    const group = this.findSecurityGroup(groupId);
    if (!group) throw new Error(`There is no security group ${groupId}`);
    return group;
  }
}
