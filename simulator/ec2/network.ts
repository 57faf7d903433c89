/** A subnet of a VPC. */
export interface Subnet {
  subnetId: string;
  availabilityZone: string;
  vpcId: string;
  cidrBlock: string;
  freeAddresses: number;
}

/** Which way a rule of a security group looks. */
export type Direction = 'inbound' | 'outbound';

/** One rule of a security group: TCP, or `-1` for everything, from or to a group or a block of addresses. */
export interface IpPermission {
  protocol: 'tcp' | '-1';
  /** Absent with `-1`. */
  fromPort?: number;
  toPort?: number;
  groupId?: string;
  cidr?: string;
}

/** A security group of a VPC. */
export interface SecurityGroup {
  groupId: string;
  groupName: string;
  description: string;
  vpcId: string;
  rules: Record<Direction, IpPermission[]>;
}

/** Whether the group's rules let its members talk to each other on these ports of TCP; a wider rule counts. */
export function allowsItself({ groupId, rules }: SecurityGroup, direction: Direction, fromPort: number, toPort: number): boolean {
  return rules[direction].some((rule) => {
    const covers = rule.protocol === '-1' || ((rule.fromPort ?? 0) <= fromPort && (rule.toPort ?? 65_535) >= toPort);
    return covers && rule.groupId === groupId;
  });
}
