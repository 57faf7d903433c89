import { spawn, type ChildProcess } from 'node:child_process';
import { accessSync, constants, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { RealWork, type Clock } from '../clock';
import type { ClientFacts } from './client-facts';
import { opensslStandIn, routeVariable, standIn } from './stand-ins';

/** How a script ended. */
export interface ScriptResult {
  /** As a shell shows it: 128 plus the signal for one that was killed. */
  exitCode: number;
  stdout: string;
  stderr: string;
  /** Why it was killed, if it was. */
  killed?: KillReason;
}

/** Why the host kills a script. */
export type KillReason = 'timeout' | 'shutdown' | 'cancel';

/** What of a host's programs is there. */
export type HostPrograms = Pick<ClientFacts, 'cli' | 'openssl' | 'flock'>;

/** Where the trust anchor is looked for, unless it is told otherwise (CloudHSM User Guide, configure-sdk-5). */
const customerCaFile = '/opt/cloudhsm/etc/customerCA.crt';

interface RunningScript {
  work: RealWork;
  kill: (why: KillReason) => void;
  ended: Promise<ScriptResult>;
}

/**
 * An instance's file tree, in a folder of this machine, and the scripts that run there.
 *
 * A process of this machine has no root directory of its own, so where a script's text names /opt/cloudhsm, /run or /dev/shm
 * the host writes the folder's path instead when it writes the script; and so it does in the client's configuration.
 */
export class Host {
  readonly #running = new Map<string, RunningScript>();

  /** Whether scripts see this machine's programs all, or only those that are linked. */
  #programsFolder: string | undefined;

  private constructor(
    readonly clock: Clock,
    readonly folder: string,
    readonly port: string,
    readonly pooledKeys: boolean,
  ) {}

  /**
   * Makes the tree of a fresh host.
   * @param port of the simulator's endpoint, which the stand-in programs call
   * @param pooledKeys whether the simulator gives RSA keys to `openssl genrsa`
   */
  static make(clock: Clock, port: string, pooledKeys: boolean): Host {
    const folder = mkdtempSync(join(tmpdir(), 'instance-'));
    for (const path of ['bin', 'root', 'run', 'dev/shm', 'opt/cloudhsm/bin', 'opt/cloudhsm/etc', 'orchestration']) mkdirSync(join(folder, path), { recursive: true });
    const host = new Host(clock, folder, port, pooledKeys);
    for (const program of ['date', 'sleep']) host.#install(`bin/${program}`, standIn(program, port));
    return host;
  }

  /** Installs and removes programs. */
  equip({ cli, openssl, flock }: HostPrograms): void {
    this.#install('opt/cloudhsm/bin/cloudhsm-cli', cli && standIn('cloudhsm-cli', this.port));
    this.#install('bin/openssl', openssl && opensslStandIn(this.port, realOpenssl(), this.pooledKeys));
    const missing = [...(openssl ? [] : ['openssl']), ...(flock ? [] : ['flock'])];
    const links = join(this.folder, 'usr-bin');
    rmSync(links, { recursive: true, force: true });
    if (missing.length > 0) linkProgramsExcept(links, missing);
    this.#programsFolder = missing.length > 0 ? links : undefined;
  }

  /** The real work of a running script, or undefined if it has ended. */
  work(commandId: string): RealWork | undefined {
    return this.#running.get(commandId)?.work;
  }

  /**
   * Leaves the file that configure-cli writes, in the shape that several public repositories show [C], with the placeholder of the package if it
   * never was run [C]. One of several clusters is associated with its id (CloudHSM User Guide, cloudhsm_cli-multi-cluster-prereqs); under which key, nothing shows [U].
   * @param clusters the id of each cluster, and the addresses of its HSMs
   */
  configureCli(clusters: readonly { clusterId: string; addresses: readonly string[] }[]): void {
    const known = clusters.length > 0 ? clusters : [{ clusterId: '', addresses: ['%%HSM_IP_ADDRESS%%'] }];
    const entries = known.map(({ clusterId, addresses }) => ({
      type: 'hsm1',
      ...(known.length > 1 && { cluster_id: clusterId }),
      cluster: { hsm_ca_file: customerCaFile, servers: addresses.map((hostname) => ({ hostname, port: 2223, enable: true })) },
    }));
    writeFileSync(join(this.folder, 'opt/cloudhsm/etc/cloudhsm-cli.cfg'), this.#inTree(JSON.stringify({ clusters: entries }, undefined, 2)));
  }

  /** Leaves the certificate that the configuration names, or none if the text is empty. */
  putCustomerCa(pem: string): void {
    const path = join(this.folder, customerCaFile);
    if (pem === '') rmSync(path, { force: true });
    else writeFileSync(path, pem);
  }

  /**
   * Runs a script as the SSM agent does: the lines in a file `_script.sh` (0700), started by `sh -c <path>`, so that its first
   * line chooses the interpreter and sh runs it if there is none. No terminal, no input, few variables; the process group is
   * killed when the time is over (amazon-ssm-agent, agent/plugins/runscript and agent/framework/processor/executer).
   * @param route the path of this command's route, for the stand-in programs
   * @param timeout virtual milliseconds
   */
  run(commandId: string, script: string, route: string, timeout: number): Promise<ScriptResult> {
    const orchestration = join(this.folder, 'orchestration', commandId);
    mkdirSync(orchestration, { recursive: true });
    const path = join(orchestration, '_script.sh');
    writeFileSync(path, this.#inTree(script), { mode: 0o700 });
    const work = new RealWork(this.clock);
    const child = spawn('sh', ['-c', path], { cwd: this.folder, detached: true, stdio: ['ignore', 'pipe', 'pipe'], env: this.#environment(route) });
    let killed: ScriptResult['killed'];
    const kill = (why: KillReason) => {
      killed ??= why;
      // Until the processes are really gone, virtual time stands still.
      const release = this.clock.hold();
      child.once('close', release);
      killGroup(child);
    };
    const disarm = this.clock.after(timeout, () => kill('timeout'));
    const ended = collect(child).then(({ exitCode, stdout, stderr }) => {
      disarm();
      this.#running.delete(commandId);
      work.end();
      return { exitCode, stdout, stderr, ...(killed && { killed }) };
    });
    this.#running.set(commandId, { work, kill, ended });
    return ended;
  }

  /** Kills a running script for a person; one that has ended is left alone. */
  cancel(commandId: string): void {
    this.#running.get(commandId)?.kill('cancel');
  }

  /** Kills every running script; resolves when they are gone. */
  async killAll(): Promise<void> {
    const running = [...this.#running.values()];
    for (const script of running) script.kill('shutdown');
    await Promise.all(running.map((script) => script.ended));
  }

  /** What a reboot does to the file system: memory is empty again. */
  clearMemory(): void {
    for (const path of ['run', 'dev/shm']) {
      rmSync(join(this.folder, path), { recursive: true, force: true });
      mkdirSync(join(this.folder, path), { recursive: true });
    }
  }

  /** Removes the tree. */
  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Writes a program, or removes it. */
  #install(path: string, text: string | false): void {
    const file = join(this.folder, path);
    if (text === false) rmSync(file, { force: true });
    else writeFileSync(file, text, { mode: 0o755 });
  }

  /** Only whole absolute paths: /var/run and /opt/cloudhsm/run keep their /run. */
  #inTree(text: string): string {
    return text.replaceAll(/(?<![\w.\-/}])\/(?=(?:opt\/cloudhsm|run|dev\/shm)(?![\w.-]))/g, () => `${this.folder}/`);
  }

  #environment(route: string): NodeJS.ProcessEnv {
    const programs = this.#programsFolder ?? process.env['PATH'] ?? '/usr/bin:/bin';
    return { PATH: `${join(this.folder, 'bin')}${delimiter}${programs}`, HOME: join(this.folder, 'root'), [routeVariable]: route };
  }
}

function collect(child: ChildProcess): Promise<ScriptResult> {
  return new Promise((resolve, reject) => {
    const read = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
    child.stdout?.on('data', (chunk: Buffer) => read.stdout.push(chunk));
    child.stderr?.on('data', (chunk: Buffer) => read.stderr.push(chunk));
    child.once('error', reject);
    child.once('close', (code) => {
      // Only SIGKILL, by the host itself, ends the shell without a code.
      resolve({ exitCode: code ?? 137, stdout: Buffer.concat(read.stdout).toString('utf8'), stderr: Buffer.concat(read.stderr).toString('utf8') });
    });
  });
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // ESRCH: the whole group has ended by itself.
  }
}

function searchPath(): string[] {
  return (process.env['PATH'] ?? '/usr/bin:/bin').split(delimiter);
}

function realOpenssl(): string {
  const found = searchPath()
    .map((folder) => join(folder, 'openssl'))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
  if (found === undefined) throw new Error('Instances with openssl need openssl on this machine; none is on PATH');
  return found;
}

/** A folder that links to every program of this machine but some. */
function linkProgramsExcept(folder: string, without: readonly string[]): void {
  mkdirSync(folder);
  const linked = new Set(without);
  for (const source of searchPath()) {
    for (const name of listed(source)) {
      if (linked.has(name)) continue;
      linked.add(name);
      symlinkSync(join(source, name), join(folder, name));
    }
  }
}

/** PATH may name folders that do not exist. */
function listed(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
