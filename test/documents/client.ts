import { spawn, type ChildProcess } from 'node:child_process';
import { constants, createPrivateKey, createPublicKey, generateKeyPairSync, publicEncrypt, type KeyObject } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exampleCertificates } from '../../simulator/cloudhsm/example-certificates';

const SCRIPT = readFileSync(join(__dirname, '../../documents/manage-kms-user.sh'), 'utf8');

/** A stack's id, in the form that the document's parameter takes. */
export const STACK = '0a1b2c3d-0000-4000-8000-00000000000a';

/** The cluster of the tests. */
export const CLUSTER = 'cluster-abcdefghijk';

/** What the product would put into the document's five parameters. */
export interface Parameters {
  action: string;
  stack?: string;
  cluster?: string;
  key?: string;
  envelope?: string;
}

/** How a command ended: its exit code, its two streams, and stdout's one line as an object (empty if it is not one line of JSON). */
export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
  answer: Record<string, string>;
}

/** One run of the stand-in CLI, as it saw itself. */
export interface CliCall {
  argv: string;
  role: string;
  pin: string;
}

const CLI = String.raw`#!/bin/bash
# Stands in for cloudhsm-cli: logs how it was called, then plays the reply laid out for it.
home=@HOME@
name=$1-$2 # --version has no second word
echo "$*" >>"$home/log/$name"
n=$(wc -l <"$home/log/$name")
printf '%s\n' "$*" "$CLOUDHSM_ROLE" "$CLOUDHSM_PIN" >>"$home/log/calls"
cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\0' '\n' >>"$home/log/processes"
while [[ -e $home/replies/hold ]]; do sleep 0.05; done
reply=$home/replies/$name.$n
[[ -e $reply ]] || reply=$home/replies/$name
[[ ! -e $reply.hangs ]] || exec sleep 60
cat "$reply"
[[ ! -e $reply.stderr ]] || cat "$reply.stderr" >&2
exit "$(cat "$reply.exit")"
`;

/** Says what "user list" prints for these users. */
export function listOf(...users: object[]): string {
  return JSON.stringify({ error_code: 0, data: { users } });
}

/** One user as "user list" prints it (CloudHSM User Guide, cloudhsm_cli-user-list). */
export function user(username: string, more: object = {}): object {
  return { username, role: 'crypto-user', locked: 'false', mfa: [], quorum: [], 'cluster-coverage': 'full', ...more };
}

export const ADMIN = user('admin', { role: 'admin' });
export const APP_USER = user('app_user', { role: 'internal(APPLIANCE_USER)' });
export const NO_KMSUSER = listOf(ADMIN, APP_USER);
export const WITH_KMSUSER = listOf(ADMIN, user('kmsuser'), APP_USER);
export const DONE = JSON.stringify({ error_code: 0, data: { username: 'kmsuser', role: 'crypto-user' } });

const HSM = { vendor: 'Marvell Semiconductors, Inc.', 'serial-number': '5.3G1941-ICM000590', 'fips-state': '2 [FIPS mode with single factor authentication]' };
export const TWO_HSMS = JSON.stringify({ error_code: 0, data: { hsms: [HSM, { ...HSM, 'serial-number': '5.3G1941-ICM000625' }] } });

/** What "quorum token-sign list-quorum-values" prints (CloudHSM User Guide, cloudhsm_cli-qm-token-list-qm). */
export function quorumOf(user: number): string {
  return JSON.stringify({ error_code: 0, data: { user, quorum: 1, cluster: 1 } });
}

/** One cluster in the CLI's configuration file. */
export function configured(hostnames: string[], more: object = {}, file = '/opt/cloudhsm/etc/customerCA.crt'): object {
  return { type: 'hsm1', cluster: { hsm_ca_file: file, servers: hostnames.map((hostname) => ({ hostname, port: 2223, enable: true })) }, ...more };
}

/** The CLI's configuration file for these clusters. */
export function configuration(...clusters: object[]): string {
  return JSON.stringify({ clusters, logging: { log_type: 'file', log_file: '/opt/cloudhsm/run/cloudhsm-cli.log', log_level: 'info', log_interval: 'daily' } }, undefined, 2);
}

/** What configure-cli -a 10.0.1.10 10.0.2.10 leaves. */
export const CONFIGURED = configuration(configured(['10.0.1.10', '10.0.2.10']));

/** One key pair for all tests: making one takes half a second. */
export const PAIR = generateKeyPairSync('rsa', { modulusLength: 3072 });

/** Encrypts as the product does: RSA-OAEP with SHA-256. */
export function seal(text: string, publicKey: KeyObject = PAIR.publicKey): string {
  return publicEncrypt({ key: publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }, Buffer.from(text)).toString('base64');
}

/** An EC2 client in a temporary folder: the CLI, /run, and a way to send it the document's command. */
export class Client {
  readonly home = mkdtempSync(join(tmpdir(), 'client-'));
  readonly cli = join(this.home, 'opt-cloudhsm/bin/cloudhsm-cli');
  readonly base = join(this.home, 'run/cloudhsm-key-store');
  private sent = 0;

  constructor() {
    for (const folder of ['opt-cloudhsm/bin', 'opt-cloudhsm/etc', 'run', 'log', 'replies', 'tmp', 'bin']) mkdirSync(join(this.home, folder), { recursive: true });
    writeFileSync(this.cli, CLI.replace('@HOME@', this.home), { mode: 0o755 });
    this.configure(CONFIGURED);
    this.certify(exampleCertificates.trustAnchor);
    this.replies('--version-', 'cloudhsm-cli 5.17.2\n');
    this.replies('quorum-token-sign', quorumOf(1));
    this.replies('user-list', NO_KMSUSER);
    this.replies('cluster-hsm-info', TWO_HSMS);
    this.replies('user-create', DONE);
    this.replies('user-delete', DONE);
    this.replies('user-change-password', DONE);
  }

  /** Lays out what the CLI prints for a command such as user-list; with `nth`, for its nth run only. */
  replies(command: string, stdout: string, options: { exit?: number; nth?: number; stderr?: string } = {}): void {
    const file = join(this.home, 'replies', options.nth === undefined ? command : `${command}.${options.nth}`);
    writeFileSync(file, stdout);
    writeFileSync(`${file}.exit`, String(options.exit ?? 0));
    if (options.stderr !== undefined) writeFileSync(`${file}.stderr`, options.stderr);
  }

  /** Makes a command such as user-create hang, and gives every command five seconds in place of the script's half a minute. */
  hangs(command: string): void {
    writeFileSync(join(this.home, 'replies', `${command}.hangs`), '');
    const timeout = (process.env.PATH ?? '').split(':').map((place) => join(place, 'timeout')).find(existsSync);
    this.standIn('timeout', `#!/bin/bash\nexec ${timeout} -k 1 5 "\${@:4}"\n`);
  }

  /** Lays out the CLI's configuration file; /opt/cloudhsm in it is this client's. */
  configure(text: string): void {
    writeFileSync(join(this.home, 'opt-cloudhsm/etc/cloudhsm-cli.cfg'), text.replaceAll('/opt/cloudhsm', join(this.home, 'opt-cloudhsm')));
  }

  /** Lays out the CA certificate of the CLI, or another file in its folder. */
  certify(pem: string, file = 'customerCA.crt'): void {
    writeFileSync(join(this.home, 'opt-cloudhsm/etc', file), pem);
  }

  /** Makes the CLI wait, or go on. */
  hold(on: boolean): void {
    const file = join(this.home, 'replies/hold');
    if (on) writeFileSync(file, '');
    else rmSync(file, { force: true });
  }

  /** Puts a program in front of those on PATH. */
  standIn(name: string, text: string): void {
    writeFileSync(join(this.home, 'bin', name), text, { mode: 0o755 });
  }

  /** Gives out the tests' key wherever the script asks openssl for a new one, which takes long. */
  quickKeys(): void {
    const openssl = (process.env.PATH ?? '').split(':').map((place) => join(place, 'openssl')).find(existsSync);
    const key = join(this.home, 'pair.pem');
    writeFileSync(key, PAIR.privateKey.export({ type: 'pkcs8', format: 'pem' }));
    this.standIn('openssl', `#!/bin/bash\n[[ $1 != genrsa ]] || exec cp ${key} "$3"\nexec ${openssl} "$@"\n`);
  }

  /** Puts the tests' key where an inspect `age` seconds ago would have left its own; gives its id. */
  placeKey(age = 5, stack = STACK): string {
    const id = `${Math.floor(Date.now() / 1000) - age}-00112233445566aa`;
    mkdirSync(join(this.base, stack), { recursive: true, mode: 0o700 });
    writeFileSync(join(this.base, stack, `${id}.pem`), PAIR.privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
    return id;
  }

  /** Starts the command as the SSM agent does: the lines in an executable file, run by `sh -c`. */
  start(parameters: Parameters, options: { sh?: string; path?: string; env?: Record<string, string> } = {}): { process: ChildProcess; ended: Promise<Ended> } {
    const text = SCRIPT.replaceAll('/opt/cloudhsm', join(this.home, 'opt-cloudhsm'))
      .replaceAll('/run/', `${join(this.home, 'run')}/`)
      .replace('{{ Action }}', () => parameters.action)
      .replace('{{ Stack }}', () => parameters.stack ?? STACK)
      .replace('{{ Cluster }}', () => parameters.cluster ?? CLUSTER)
      .replace('{{ Key }}', () => parameters.key ?? 'none')
      .replace('{{ Envelope }}', () => parameters.envelope ?? 'none');
    this.sent += 1;
    const file = join(this.home, `_script-${this.sent}.sh`);
    writeFileSync(file, text, { mode: 0o700 });
    const child = spawn(`/bin/${options.sh ?? 'sh'}`, ['-c', file], {
      cwd: this.home,
      detached: true,
      env: { PATH: options.path ?? `${join(this.home, 'bin')}:${process.env.PATH}`, TMPDIR: join(this.home, 'tmp'), ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
    const ended = new Promise<Ended>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code) => resolve({ code, stdout, stderr, answer: readAnswer(stdout) }));
    });
    return { process: child, ended };
  }

  /** Sends the command and waits for its end. */
  run(parameters: Parameters, options: { sh?: string; path?: string; env?: Record<string, string> } = {}): Promise<Ended> {
    return this.start(parameters, options).ended;
  }

  /** Every run of the CLI so far, in order. */
  calls(): CliCall[] {
    const file = join(this.home, 'log/calls');
    const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
    const calls: CliCall[] = [];
    for (let i = 0; i + 2 < lines.length; i += 3) calls.push({ argv: lines[i] ?? '', role: lines[i + 1] ?? '', pin: lines[i + 2] ?? '' });
    return calls;
  }

  /** The runs of the CLI that logged in. */
  logins(): CliCall[] {
    return this.calls().filter((call) => call.pin !== '' || call.role !== '');
  }

  /** The arguments of every process seen while the CLI ran. */
  processes(): string {
    return readFileSync(join(this.home, 'log/processes'), 'utf8');
  }

  /** Everything below /run and the temporary folder, as paths; folders end in a slash. */
  leftOvers(): string[] {
    return ['run', 'tmp'].flatMap((top) => below(join(this.home, top), top)).sort();
  }

  /** The key files of a stack. */
  keys(stack = STACK): string[] {
    const folder = join(this.base, stack);
    return existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.pem')) : [];
  }

  /** The permission bits of a path below /run/cloudhsm-key-store. */
  mode(...path: string[]): string {
    return (statSync(join(this.base, ...path)).mode & 0o777).toString(8);
  }

  /** A PATH with every tool that the script needs, save these. */
  pathWithout(...tools: string[]): string {
    const folder = join(this.home, `without-${tools.join('-')}`);
    mkdirSync(folder);
    for (const name of ['base64', 'cat', 'date', 'flock', 'install', 'openssl', 'rm', 'sed', 'sleep', 'timeout', 'tr', 'wc']) {
      const real = (process.env.PATH ?? '').split(':').map((place) => join(place, name)).find(existsSync);
      if (!tools.includes(name) && real !== undefined) symlinkSync(real, join(folder, name));
    }
    return folder;
  }

  /** Reads the private key that inspect left, to compare it with the public one it printed. */
  publicKeyOf(id: string, stack = STACK): string {
    const key = createPrivateKey(readFileSync(join(this.base, stack, `${id}.pem`)));
    return createPublicKey(key).export({ type: 'spki', format: 'der' }).toString('base64');
  }

  remove(): void {
    this.hold(false);
    rmSync(this.home, { recursive: true, force: true });
  }
}

function below(folder: string, name: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? [`${name}/${entry.name}/`, ...below(join(folder, entry.name), `${name}/${entry.name}`)] : [`${name}/${entry.name}`],
  );
}

function readAnswer(stdout: string): Record<string, string> {
  if (!/^\{[^\n]*\}\n$/.test(stdout)) return {};
  return JSON.parse(stdout) as Record<string, string>;
}
