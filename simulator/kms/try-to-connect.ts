import type { CloudHsm } from '../cloudhsm/cloudhsm';
import { activeHsms, type Cluster, type Hsm } from '../cloudhsm/cluster';
import { findUser, isLocked, logIn } from '../cloudhsm/hsm-login';
import type { ConnectionErrorCode } from './key-store';

const userName = 'kmsuser';

/**
 * What KMS does at the end of a connect: logs in as kmsuser on every active HSM and changes its password to one that only KMS
 * knows (KMS Developer Guide, connect-keystore, keystore-cloudhsm).
 * @param told called with the outcome of the login, if there was one
 * @returns the error code of a failed connect (fix-keystore), or undefined when it is connected
 */
export function tryToConnect(
  { ec2 }: CloudHsm,
  cluster: Cluster | undefined,
  password: string,
  newPassword: string,
  told: (accepted: boolean) => void,
): ConnectionErrorCode | undefined {
  if (!cluster || cluster.state === 'DELETED') return 'CLUSTER_NOT_FOUND';
  // KMS makes a network interface in every subnet of the cluster (fix-keystore, connect-keystore).
  const subnets = Object.values(cluster.subnetMapping).map((subnetId) => ec2.findSubnet(subnetId));
  if (subnets.includes(undefined)) return 'SUBNET_NOT_FOUND';
  if (subnets.some((subnet) => subnet && subnet.freeAddresses < 1)) return 'INSUFFICIENT_FREE_ADDRESSES_IN_SUBNET';
  const hsms = activeHsms(cluster);
  if (hsms.length === 0) return 'INSUFFICIENT_CLOUDHSM_HSMS';
  // "KMS does not support mTLS for clusters" (create-keystore); which code a connect then ends in is undocumented. [U]
  if (cluster.mtlsEnforcement !== 'none') return 'NETWORK_ERRORS';
  const users = kmsUsers(hsms);
  // A user that is missing on some HSMs counts as missing (aws-cloudhsm-cloudformation-template#12). [C]
  if (users.length < hsms.length) return 'USER_NOT_FOUND';
  if (users.some(isLocked)) return 'USER_LOCKED_OUT';
  if (users.some((user) => user.loggedIn)) return 'USER_LOGGED_IN';
  const accepted = hsms.map((hsm) => logIn(hsm, userName, 'crypto-user', password)).every((answer) => answer === 'accepted');
  told(accepted);
  if (!accepted) return 'INVALID_CREDENTIALS';
  for (const user of users) {
    user.password = newPassword;
    user.loggedIn = true;
  }
  return undefined;
}

/** KMS logs kmsuser out wherever it is logged in, as a disconnect does (KMS Developer Guide, disconnect-keystore). */
export function logOut(cluster: Cluster | undefined): void {
  for (const user of kmsUsers(cluster?.hsms ?? [])) user.loggedIn = false;
}

/** Marks kmsuser as the owner of key material on every active HSM, as a KMS key in the store makes it. */
export function ownKeys(cluster: Cluster): void {
  for (const user of kmsUsers(activeHsms(cluster))) user.ownsKeys = true;
}

function kmsUsers(hsms: Hsm[]) {
  return hsms.flatMap((hsm) => findUser(hsm, userName) ?? []).filter((user) => user.role === 'crypto-user');
}
