/** Cluster states of the CloudHSM v2 API. */
export type ClusterState =
  | 'CREATE_IN_PROGRESS'
  | 'UNINITIALIZED'
  | 'INITIALIZE_IN_PROGRESS'
  | 'INITIALIZED'
  | 'ACTIVE'
  | 'UPDATE_IN_PROGRESS'
  | 'MODIFY_IN_PROGRESS'
  | 'ROLLBACK_IN_PROGRESS'
  | 'DELETE_IN_PROGRESS'
  | 'DELETED'
  | 'DEGRADED';

/** The types of HSM that CloudHSM offers (CloudHSM User Guide, sdk5-hsm-types). */
export type HsmType = 'hsm1.medium' | 'hsm2m.medium';

/** HSM states of the CloudHSM v2 API. */
export type HsmState = 'CREATE_IN_PROGRESS' | 'ACTIVE' | 'DEGRADED' | 'DELETE_IN_PROGRESS' | 'DELETED';

export type HsmRole = 'admin' | 'crypto-user' | 'internal(APPLIANCE_USER)';

/** A user in the table of one HSM. */
export interface HsmUser {
  /** Lower-case, as the HSM keeps it. */
  username: string;
  role: HsmRole;
  password: string;
  /** Refused logins in a row; five lock the user (CloudHSM User Guide, understanding-users). */
  refusedLogins: number;
  ownsKeys: boolean;
  loggedIn: boolean;
  /** MFA by token signing is enabled: the PIN alone logs nobody in (CloudHSM User Guide, login-mfa-token-sign). */
  mfa?: boolean;
  /** A public key for quorum token signing is registered: the user may approve (CloudHSM User Guide, quorum-auth-chsm-cli-first-time). */
  quorumKey?: boolean;
}

/** One HSM, with a user table of its own: CloudHSM does not synchronise users between HSMs. */
export interface Hsm {
  hsmId: string;
  availabilityZone: string;
  subnetId: string;
  eniId: string;
  eniIp: string;
  serialNumber: string;
  state: HsmState;
  /** Whether the client's configuration lists it (configure-cli was run after it was added). */
  knownToClient: boolean;
  users: HsmUser[];
}

/** A cluster: what the CloudHSM v2 API shows of it, and what only its HSMs know. */
export interface Cluster {
  clusterId: string;
  hsmType: HsmType;
  state: ClusterState;
  vpcId: string;
  securityGroup: string;
  /** The subnet in each Availability Zone that the cluster was made with. */
  subnetMapping: Record<string, string>;
  createdAt: number;
  /** PEM of the customer CA certificate. The API never shows it. */
  trustAnchor: string;
  /** PEM of the cluster certificate. */
  clusterCertificate: string;
  /** Backups carry the cluster certificate: clusters of one lineage are related for KMS (KMS Developer Guide, update-keystore). */
  lineage: string;
  /** Approvals that a change of users needs; below 2 quorum is off (CloudHSM User Guide, quorum-auth-chsm-cli). */
  quorum: number;
  /** Whether HSMs accept only clients with a certificate (CloudHSM User Guide, cloudhsm_cli-cluster-mtls-set-enforcement). */
  mtlsEnforcement: 'none' | 'cluster';
  /** Whether the client can reach the cluster at all. */
  reachable: boolean;
  hsms: Hsm[];
}

/** The HSMs that are ACTIVE. */
export function activeHsms(cluster: Cluster): Hsm[] {
  return cluster.hsms.filter((hsm) => hsm.state === 'ACTIVE');
}
