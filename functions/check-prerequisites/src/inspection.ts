import type { Cluster } from '@aws-sdk/client-cloudhsm-v2';
import { countActive, findWrongConfiguration } from '../../shared/src/client-cluster';
import { describeFailure, type ClientResult } from '../../shared/src/client-result';
import { environment } from '../../shared/src/environment';
import {
  ADMIN_INCOMPLETE,
  ADMIN_LOCKED,
  ADMIN_MFA,
  ADMIN_MISSING,
  CLI_OLD,
  CLI_OTHER_CERTIFICATE,
  HSM_SILENT,
  KMSUSER_THERE,
  QUORUM_NEEDED,
} from '../../shared/src/messages';
import { say } from '../../shared/src/say';

/** What the inspection is held against; undefined where it is not known. */
export interface Expected {
  cluster: Cluster | undefined;
  /** Of the customer CA certificate: SHA-256 in hexadecimal, with colons. */
  fingerprint: string | undefined;
  /** Names of the user's secrets. */
  secrets: { admin: string; certificate: string };
  adminName: string | undefined;
  /** A kmsuser that is there belongs to the key store that is updated. */
  takesOver: boolean;
}

/** Finds what keeps the client from its work, and what of the cluster's users is in the way. */
export function checkInspection(inspection: ClientResult, { cluster, fingerprint, secrets, adminName, takesOver }: Expected): string[] {
  const instance = environment('INSTANCE');
  const failure = inspection.outcome === 'inspected' ? [] : [describeFailure(inspection)];
  const { certificate } = inspection;
  // The script tells of the configuration as far as it came; what is wrong with that stands before what came of it.
  if (certificate === undefined) return failure;
  const findings: string[] = [];
  const elsewhere = cluster && findWrongConfiguration(cluster, inspection);
  if (elsewhere !== undefined) findings.push(elsewhere);
  if (fingerprint !== undefined && certificate !== fingerprint) findings.push(say(CLI_OTHER_CERTIFICATE, { instance, secret: secrets.certificate }));
  findings.push(...checkVersion(instance, inspection.version, cluster?.HsmType));
  // Whose users it saw, if any, is not known then.
  if (failure.length > 0 || elsewhere !== undefined) return [...findings, ...failure];
  const active = cluster && countActive(cluster);
  if (active !== undefined && Number(inspection.hsms) < active) findings.push(say(HSM_SILENT, { instance, answering: inspection.hsms ?? 0, active }));
  // Without a kmsuser nobody is logged in as one; that alone neither an API nor the CLI shows, and it is left to the connection's error code.
  if (!takesOver && inspection.kmsuser !== 'absent') findings.push(KMSUSER_THERE);
  if (Number(inspection.quorum) > 1) findings.push(say(QUORUM_NEEDED, { quorum: inspection.quorum ?? '' }));
  return [...findings, ...(adminName === undefined ? [] : checkAdmin(inspection, adminName, secrets.admin))];
}

/** The first version of the CLI that speaks with HSMs of a type (CloudHSM User Guide, sdk5-hsm-types). Others take every version. */
const LEAST: Record<string, [number, number, number]> = { 'hsm2m.medium': [5, 9, 0] };

function checkVersion(instance: string, version = '', hsmType = ''): string[] {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  const [leastMajor, leastMinor, leastPatch] = LEAST[hsmType] ?? [0, 0, 0];
  const old = major !== leastMajor ? major < leastMajor : minor !== leastMinor ? minor < leastMinor : patch < leastPatch;
  // A version that the CLI did not tell is not taken for an old one.
  return version !== '' && old ? [say(CLI_OLD, { instance, version, need: hsmType, least: `${leastMajor}.${leastMinor}.${leastPatch}` })] : [];
}

/** The script lists every admin as name/locked/coverage/mfa; names are in lower case (CloudHSM User Guide, cloudhsm_cli-user-list). */
function checkAdmin({ admins = '' }: ClientResult, adminName: string, secret: string): string[] {
  const listed = admins.split(' ').map((admin) => admin.split('/'));
  const [, locked = '', coverage = '', mfa] = listed.find(([name]) => name === adminName.toLowerCase()) ?? [];
  if (mfa === undefined) return [say(ADMIN_MISSING, { secret })];
  return [
    ...(locked === 'false' ? [] : [say(ADMIN_LOCKED, { locked })]),
    ...(coverage === 'full' ? [] : [say(ADMIN_INCOMPLETE, { coverage })]),
    ...(mfa === 'no' ? [] : [ADMIN_MFA]),
  ];
}
