import type { CliCommand } from './cli-command';
import { answeringHsms, type CliConfiguration } from './cli-configuration';
import { CliError } from './cli-error';
import type { Cluster, Hsm, HsmRole } from './cluster';
import { findUser, isLocked, logIn } from './hsm-login';

/** What a program printed and how it ended. */
export interface ProgramResult {
  exitCode: number;
  stdout: string;
  stderr: string;
}

/** The environment of single-command mode (CloudHSM User Guide, cloudhsm_cli-modes). */
export interface CliEnvironment {
  CLOUDHSM_ROLE?: string;
  /** `user:password` */
  CLOUDHSM_PIN?: string;
}

/**
 * Carries one command out against the HSMs that answer this client.
 * Output as the CloudHSM User Guide shows it: `{"error_code":0,"data":…}`, or `{"error_code":1,"data":"message"}` with exit code 1.
 * @param choose finds the cluster that the command is for; it may throw CliError
 * @param onLogin told of every login, once, with whether all HSMs accepted it
 */
export function runCliCommand(
  configuration: CliConfiguration,
  choose: () => Cluster | undefined,
  command: CliCommand,
  env: CliEnvironment,
  onLogin: (username: string, accepted: boolean) => void,
): ProgramResult {
  try {
    const cluster = choose();
    const hsms = answeringHsms(configuration, cluster);
    // With a PIN in the environment the tool logs in first (cloudhsm_cli-modes), even where a command needs no login. [U]
    const role = env.CLOUDHSM_PIN === undefined ? undefined : logInEverywhere(hsms, env, onLogin);
    return printed(0, cluster && carryOut(cluster, hsms, command, role));
  } catch (error) {
    if (error instanceof CliError) return printed(1, error.message);
    throw error;
  }
}

function logInEverywhere(hsms: Hsm[], env: CliEnvironment, onLogin: (username: string, accepted: boolean) => void): HsmRole {
  const role = env.CLOUDHSM_ROLE;
  if (role !== 'admin' && role !== 'crypto-user') throw new CliError('CLOUDHSM_ROLE must be admin or crypto-user');
  const [, username = '', password = ''] = /^([^:]*):(.*)$/s.exec(env.CLOUDHSM_PIN ?? '') ?? [];
  const answers = hsms.map((hsm) => logIn(hsm, username, role, password));
  const accepted = answers.every((answer) => answer === 'accepted');
  onLogin(username.toLowerCase(), accepted);
  if (answers.includes('locked')) throw new CliError('Login failed: USER locked');
  if (!accepted) throw new CliError('Login failed: the username, role or password is wrong');
  return role;
}

function carryOut(cluster: Cluster, hsms: Hsm[], { name, flags }: CliCommand, role: HsmRole | undefined): unknown {
  switch (name) {
    case 'user list':
      return { users: listUsers(hsms) };
    case 'cluster hsm-info':
      return { hsms: hsms.map((hsm) => describeHsm(cluster, hsm)) };
    case 'quorum token-sign list-quorum-values':
      return quorumValues(cluster);
    case 'user create':
      requireAdmin(role, cluster);
      return createUser(hsms, flags);
    case 'user change-password':
      requireAdmin(role, cluster);
      return changePassword(hsms, flags);
    case 'user delete':
      requireAdmin(role, cluster);
      return deleteUser(hsms, flags);
  }
}

/** CloudHSM User Guide, understanding-users (roles) and quorum-auth-chsm-cli (with a value of 2 or more). */
function requireAdmin(role: HsmRole | undefined, { quorum }: Cluster): void {
  if (role === undefined) throw new CliError('This command needs a login');
  if (role !== 'admin') throw new CliError('This command needs the role admin');
  if (quorum >= 2) throw new CliError('Quorum approval is required for this operation');
}

/** `locked` and the others are texts, `inconsistent` where HSMs disagree (cloudhsm_cli-user-list). */
function listUsers(hsms: Hsm[]): unknown[] {
  const names = new Set(hsms.flatMap((hsm) => hsm.users.map((user) => user.username)));
  return [...names].map((username) => {
    const found = hsms.flatMap((hsm) => findUser(hsm, username) ?? []);
    return {
      username,
      role: sameOr(found.map((user) => user.role)),
      locked: sameOr(found.map((user) => String(isLocked(user)))),
      mfa: strategies(found.map((user) => user.mfa ?? false)),
      quorum: strategies(found.map((user) => user.quorumKey ?? false)),
      'cluster-coverage': found.length === hsms.length ? 'full' : 'inconsistent',
    };
  });
}

/** What a user has registered for, as the guide shows it for both (cloudhsm_cli-user-list, cloudhsm_cli-user-chqm-token-reg). */
function strategies(registered: boolean[]): unknown[] {
  if (!registered.includes(true)) return [];
  return [{ strategy: 'token-sign', status: sameOr(registered.map((is) => (is ? 'enabled' : 'disabled'))) }];
}

/** Numbers by service; 1 asks for nobody's approval but the caller's; only hsm2m has the service cluster (cloudhsm_cli-qm-token-list-qm). */
function quorumValues({ quorum, hsmType }: Cluster): unknown {
  return { user: Math.max(1, quorum), quorum: 1, ...(hsmType === 'hsm2m.medium' && { cluster: 1 }) };
}

function sameOr(values: string[]): string {
  const [first = ''] = values;
  return values.every((value) => value === first) ? first : 'inconsistent';
}

/** The sample of the User Guide (cloudhsm_cli-cluster-hsm-info), which is of hsm1.medium; of an HSM it tells the serial number, never the id. */
function describeHsm({ hsmType }: Cluster, hsm: Hsm): unknown {
  return {
    vendor: 'Marvell Semiconductors, Inc.',
    // No document shows hsm2m.medium but for fips-state, which has the same texts. [U]
    model: hsmType === 'hsm1.medium' ? 'NITROX-III CNN35XX-NFBE' : 'LS2',
    'serial-number': hsm.serialNumber,
    'hardware-version-major': '5',
    'hardware-version-minor': '3',
    'firmware-version-major': '2',
    'firmware-version-minor': '6',
    'firmware-build-number': '16',
    'firmware-id': hsmType === 'hsm1.medium' ? 'CNN35XX-NFBE-FW-2.06-16' : 'LS2-FW-2.06-16',
    'fips-state': '2 [FIPS mode with single factor authentication]',
  };
}

function createUser(hsms: Hsm[], flags: Record<string, string>): unknown {
  const { username, role } = namedUser(flags);
  const password = newPassword(flags);
  // CloudHSM User Guide, limits: names have up to 31 letters, digits and underscores.
  if (!/^[a-z0-9_]{1,31}$/.test(username)) throw new CliError('The username is not valid');
  const found = hsms.flatMap((hsm) => findUser(hsm, username) ?? []);
  if (found.length === hsms.length || found.some((user) => user.role !== role)) throw new CliError('Specified user already exists');
  // A user that is on some HSMs only is completed on the others; the old tables keep their password (troubleshoot-sdk5-inconsistent-value). [C]
  for (const hsm of hsms) if (!findUser(hsm, username)) hsm.users.push({ username, role, password, refusedLogins: 0, ownsKeys: false, loggedIn: false });
  return { username, role };
}

/** It also unlocks, and is refused while the user is logged in (cloudhsm_cli-user-change-password; KMS Developer Guide, fix-keystore). */
function changePassword(hsms: Hsm[], flags: Record<string, string>): unknown {
  const { username, role } = namedUser(flags);
  const password = newPassword(flags);
  const found = hsms.flatMap((hsm) => findUser(hsm, username) ?? []).filter((user) => user.role === role);
  if (found.length === 0) throw new CliError('Specified user does not exist');
  if (found.length < hsms.length) throw new CliError('Specified user is inconsistent across the cluster');
  if (found.some((user) => user.loggedIn)) throw new CliError('Specified user is logged in');
  for (const user of found) Object.assign(user, { password, refusedLogins: 0 });
  return { username, role };
}

/** @throws CliError for a password that is missing or that no HSM takes (CloudHSM User Guide, limits) */
function newPassword(flags: Record<string, string>): string {
  const password = flags['--password'];
  // Without the flag the tool prompts; it has no terminal here. The text is undocumented. [U]
  if (password === undefined) throw new CliError('Cannot prompt for a password without a terminal');
  if (password.length < 8 || password.length > 32) throw new CliError('The password must have 8 to 32 characters');
  return password;
}

function deleteUser(hsms: Hsm[], flags: Record<string, string>): unknown {
  const { username, role } = namedUser(flags);
  const found = hsms.flatMap((hsm) => findUser(hsm, username) ?? []).filter((user) => user.role === role);
  if (found.length === 0) throw new CliError('Specified user does not exist');
  // CloudHSM User Guide, cloudhsm_cli-user-delete: neither a user who owns keys nor one who is logged in.
  if (found.some((user) => user.ownsKeys)) throw new CliError('Specified user owns keys');
  if (found.some((user) => user.loggedIn)) throw new CliError('Specified user is logged in');
  for (const hsm of hsms) hsm.users = hsm.users.filter((user) => !found.includes(user));
  return { username, role };
}

function namedUser(flags: Record<string, string>): { username: string; role: 'admin' | 'crypto-user' } {
  const username = flags['--username']?.toLowerCase();
  const role = flags['--role'];
  if (username === undefined || (role !== 'admin' && role !== 'crypto-user')) throw new CliError('--username and --role admin or crypto-user are required');
  return { username, role };
}

function printed(errorCode: 0 | 1, data: unknown): ProgramResult {
  return { exitCode: errorCode, stdout: `${JSON.stringify({ error_code: errorCode, data }, null, 2)}\n`, stderr: '' };
}
