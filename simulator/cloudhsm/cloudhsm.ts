import { alphabets } from '../alphabets';
import type { JsonObject, LocalAws, Operation, Service } from '../aws';
import { Ec2 } from '../ec2/ec2';
import type { IpPermission } from '../ec2/network';
import { AwsError, NotModelled } from '../errors';
import { optionalText, textList } from '../request-fields';
import { takePage } from '../take-page';
import { timings } from '../timings';
import { misunderstood, parseCliCommand } from './cli-command';
import { chosenCluster, type CliConfiguration } from './cli-configuration';
import { runCliCommand, type CliEnvironment, type ProgramResult } from './cloudhsm-cli';
import type { Cluster, ClusterState, Hsm, HsmState, HsmType, HsmUser } from './cluster';
import { exampleCertificates } from './example-certificates';

/** One login that a client tried: on all HSMs it reaches, so it counts once. */
export interface LoginRecord {
  time: number;
  clusterId: string;
  username: string;
  accepted: boolean;
}

/** A cluster to add to the world. */
export interface NewCluster {
  /** Default: a fresh one. */
  clusterId?: string;
  /** Default `hsm1.medium`. */
  hsmType?: HsmType;
  /** Availability Zones: one HSM each. */
  zones: readonly string[];
  adminPassword: string;
  /** Default `admin`. */
  adminName?: string;
  /** Default ACTIVE. */
  state?: ClusterState;
  /** Clusters of one lineage are related by backup. Default: a lineage of its own. */
  lineage?: string;
  /** Approvals that changes of users need, the caller's own among them. Default 0: off, as with 1. */
  quorum?: number;
}

/** An HSM to add to a cluster. */
export interface NewHsm {
  /** Default ACTIVE. */
  state?: HsmState;
  /** Whether configure-cli was run on the client since. Default true. */
  knownToClient?: boolean;
  /** Default: a copy of the first HSM's table, as a new HSM joins from a snapshot. */
  users?: HsmUser[];
}

/** AWS CloudHSM: DescribeClusters, and the HSMs themselves as a client with cloudhsm-cli meets them. */
export class CloudHsm implements Service {
  readonly name = 'cloudhsm';
  readonly state: { clusters: Cluster[]; logins: LoginRecord[] } = { clusters: [], logins: [] };
  readonly operations: Readonly<Record<string, Operation>>;

  /** @param ec2 the network that clusters get their subnets and security groups in */
  constructor(
    readonly aws: LocalAws,
    readonly ec2: Ec2 = new Ec2(aws),
  ) {
    this.operations = {
      DescribeClusters: {
        source: 'CloudHSM v2 API, DescribeClusters',
        fields: ['Filters', 'MaxResults', 'NextToken'],
        permissions: () => [{ action: 'cloudhsm:DescribeClusters', resource: '*' }],
        latency: timings.apiCall,
        run: (input) => this.#describeClusters(input),
      },
    };
    aws.register(this);
  }

  /** Adds a cluster with one HSM per zone, and the admin on each. Returns its id. @throws NotModelled when no example certificate is left */
  addCluster(options: NewCluster): string {
    const { clusterId = `cluster-${this.aws.identifier(11, alphabets.base32.toLowerCase())}`, adminName = 'admin', lineage = clusterId } = options;
    const vpcId = `vpc-${this.aws.identifier(17)}`;
    this.state.clusters.push({
      clusterId,
      hsmType: options.hsmType ?? 'hsm1.medium',
      state: options.state ?? 'ACTIVE',
      vpcId,
      securityGroup: this.#makeSecurityGroup(clusterId, vpcId),
      subnetMapping: {},
      createdAt: this.aws.clock.now,
      trustAnchor: exampleCertificates.trustAnchor,
      clusterCertificate: this.#certificateOf(lineage),
      lineage,
      quorum: options.quorum ?? 0,
      mtlsEnforcement: 'none',
      reachable: true,
      hsms: [],
    });
    const users: HsmUser[] = [
      { username: adminName.toLowerCase(), role: 'admin', password: options.adminPassword, refusedLogins: 0, ownsKeys: false, loggedIn: false },
      { username: 'app_user', role: 'internal(APPLIANCE_USER)', password: '', refusedLogins: 0, ownsKeys: false, loggedIn: false },
    ];
    for (const zone of options.zones) this.addHsm(clusterId, zone, { users });
    return clusterId;
  }

  /** Adds an HSM in a zone. Returns its id. */
  addHsm(clusterId: string, zone: string, options: NewHsm = {}): string {
    const { hsms, vpcId, subnetMapping } = this.cluster(clusterId);
    const subnetId = (subnetMapping[zone] ??= this.ec2.addSubnet(vpcId, zone).subnetId);
    const subnet = this.ec2.findSubnet(subnetId);
    if (subnet) subnet.freeAddresses--;
    const hsmId = `hsm-${this.aws.identifier(11, alphabets.base32.toLowerCase())}`;
    hsms.push({
      hsmId,
      availabilityZone: zone,
      subnetId,
      eniId: `eni-${this.aws.identifier(17)}`,
      eniIp: `10.${this.state.clusters.findIndex((cluster) => cluster.clusterId === clusterId)}.${hsms.length + 1}.10`,
      serialNumber: `5.3G1941-ICM0${this.aws.identifier(5, '0123456789')}`,
      state: options.state ?? 'ACTIVE',
      knownToClient: options.knownToClient ?? true,
      users: structuredClone(options.users ?? hsms[0]?.users ?? []),
    });
    return hsmId;
  }

  /** The cluster of that id, for worlds and tests to look at and to change. @throws Error for an unknown id */
  cluster(clusterId: string): Cluster {
    const cluster = this.findCluster(clusterId);
    if (!cluster) throw new Error(`There is no cluster ${clusterId}`);
    return cluster;
  }

  findCluster(clusterId: string): Cluster | undefined {
    return this.state.clusters.find((cluster) => cluster.clusterId === clusterId);
  }

  setClusterState(clusterId: string, state: ClusterState): void {
    this.cluster(clusterId).state = state;
  }

  setHsmState(clusterId: string, hsmId: string, state: HsmState): void {
    this.#hsm(clusterId, hsmId).state = state;
  }

  /** Whether the client can reach the cluster's HSMs. KMS has a road of its own. */
  setReachable(clusterId: string, reachable: boolean): void {
    this.cluster(clusterId).reachable = reachable;
  }

  /** Whether HSMs accept only clients with a certificate of their own. */
  setMtlsEnforcement(clusterId: string, level: Cluster['mtlsEnforcement']): void {
    this.cluster(clusterId).mtlsEnforcement = level;
  }

  /** Puts a user into the table of every HSM, or of one; a user of that name is replaced. */
  putUser(clusterId: string, user: Pick<HsmUser, 'username' | 'role' | 'password'> & Partial<HsmUser>, hsmId?: string): void {
    const whole = { refusedLogins: 0, ownsKeys: false, loggedIn: false, ...user, username: user.username.toLowerCase() };
    for (const hsm of hsmId === undefined ? this.cluster(clusterId).hsms : [this.#hsm(clusterId, hsmId)]) {
      hsm.users = [...hsm.users.filter((other) => other.username !== whole.username), { ...whole }];
    }
  }

  /**
   * Runs cloudhsm-cli on a client, in virtual time. What it changes is changed at the end of that time, also if the caller has gone meanwhile.
   * @throws NotModelled for commands and flags beyond those of `parseCliCommand`, and `--version`
   */
  async run(configuration: CliConfiguration, args: readonly string[], env: CliEnvironment): Promise<ProgramResult> {
    // The form of the text is practitioners'. [C]
    if (args.length === 1 && args[0] === '--version') return { exitCode: 0, stdout: `cloudhsm-cli ${configuration.version}\n`, stderr: '' };
    const command = parseCliCommand(args);
    const complaint = misunderstood(configuration.version, command);
    if (complaint !== undefined) return { exitCode: 2, stdout: '', stderr: complaint };
    const started = this.aws.clock.now;
    await this.aws.clock.sleep(env.CLOUDHSM_PIN === undefined ? timings.cliRead : timings.cliChange);
    this.aws.span(`cloudhsm-cli ${command.name}`, started);
    let clusterId = '';
    const choose = (): Cluster | undefined => {
      clusterId = chosenCluster(configuration, command);
      return this.findCluster(clusterId);
    };
    return runCliCommand(configuration, choose, command, env, (username, accepted) => {
      this.state.logins.push({ time: this.aws.clock.now, clusterId, username, accepted });
    });
  }

  /** The group that CloudHSM makes with a cluster, and its rules (CloudHSM User Guide, configure-sg; KMS Developer Guide, create-keystore). */
  #makeSecurityGroup(clusterId: string, vpcId: string): string {
    const { groupId } = this.ec2.addSecurityGroup(vpcId, `cloudhsm-${clusterId}-sg`, `Security group for ${clusterId}`);
    const toItself: IpPermission = { protocol: 'tcp', fromPort: 2223, toPort: 2225, groupId };
    for (const direction of ['inbound', 'outbound'] as const) this.ec2.authorize(groupId, direction, toItself);
    return groupId;
  }

  /**
   * A cluster has a certificate of its own, which it shares only with those made from its backups
   * (CloudHSM User Guide, initialize-cluster; KMS Developer Guide, update-keystore).
   */
  #certificateOf(lineage: string): string {
    const relative = this.state.clusters.find((cluster) => cluster.lineage === lineage);
    const certificate =
      relative?.clusterCertificate ?? exampleCertificates.clusterCertificates.find((free) => !this.state.clusters.some((cluster) => cluster.clusterCertificate === free));
    if (certificate === undefined) throw new NotModelled(`more than ${exampleCertificates.clusterCertificates.length} lineages of clusters in one account`);
    return certificate;
  }

  #hsm(clusterId: string, hsmId: string): Hsm {
    const hsm = this.cluster(clusterId).hsms.find((other) => other.hsmId === hsmId);
    if (!hsm) throw new Error(`There is no HSM ${hsmId} in ${clusterId}`);
    return hsm;
  }

  /** Limits, filters and errors: CloudHSM v2 API, DescribeClusters. */
  #describeClusters(input: JsonObject): JsonObject {
    const { clusterIds, vpcIds, states } = readFilters(input['Filters']);
    const { MaxResults: size = 25 } = input;
    if (typeof size !== 'number' || !Number.isInteger(size) || size < 1 || size > 25) throw invalidRequest('MaxResults must be between 1 and 25');
    // The API lists no error for an id that nobody has: an empty list. [U]
    const found = this.state.clusters.filter(
      (cluster) => (clusterIds?.includes(cluster.clusterId) ?? true) && (vpcIds?.includes(cluster.vpcId) ?? true) && (states?.includes(cluster.state) ?? true),
    );
    const page = takePage(found, optionalText(input, 'NextToken', { max: 256 }), size, () => {
      throw invalidRequest('NextToken is not valid');
    });
    return { Clusters: page.items.map(describeCluster), ...(page.next !== undefined && { NextToken: page.next }) };
  }
}

function readFilters(filters: JsonObject[string] | undefined): Record<string, string[]> {
  if (filters === undefined) return {};
  if (typeof filters !== 'object' || filters === null || Array.isArray(filters)) throw invalidRequest('Filters must be a map');
  return Object.fromEntries(
    Object.entries(filters).map(([key, values]) => {
      if (!['clusterIds', 'vpcIds', 'states'].includes(key)) throw invalidRequest(`Filter ${key} is not valid`);
      return [key, textList(values, `Filters.${key}`)];
    }),
  );
}

function invalidRequest(message: string): AwsError {
  return new AwsError('CloudHsmInvalidRequestException', message);
}

/** As the API shows a cluster; times are seconds since the epoch on the wire. */
function describeCluster(cluster: Cluster): JsonObject {
  return {
    ClusterId: cluster.clusterId,
    HsmType: cluster.hsmType,
    State: cluster.state,
    CreateTimestamp: cluster.createdAt / 1000,
    VpcId: cluster.vpcId,
    SecurityGroup: cluster.securityGroup,
    SubnetMapping: { ...cluster.subnetMapping },
    BackupPolicy: 'DEFAULT',
    BackupRetentionPolicy: { Type: 'DAYS', Value: '90' },
    NetworkType: 'IPV4',
    Mode: 'FIPS',
    // There is none before the cluster is initialized (CloudHSM v2 API, Certificates).
    Certificates: ['CREATE_IN_PROGRESS', 'UNINITIALIZED'].includes(cluster.state) ? {} : { ClusterCertificate: cluster.clusterCertificate },
    TagList: [],
    Hsms: cluster.hsms.map((hsm) => ({
      HsmId: hsm.hsmId,
      ClusterId: cluster.clusterId,
      AvailabilityZone: hsm.availabilityZone,
      SubnetId: hsm.subnetId,
      EniId: hsm.eniId,
      EniIp: hsm.eniIp,
      HsmType: cluster.hsmType,
      State: hsm.state,
    })),
  };
}
