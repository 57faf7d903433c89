import { NotModelled } from '../errors';

const modelled = {
  'user list': ['--cluster-id'],
  'user create': ['--username', '--role', '--password', '--cluster-id'],
  'user change-password': ['--username', '--role', '--password', '--cluster-id'],
  'user delete': ['--username', '--role', '--cluster-id'],
  'cluster hsm-info': ['--cluster-id'],
  'quorum token-sign list-quorum-values': ['--cluster-id'],
} as const satisfies Record<string, readonly string[]>;

/** One call of cloudhsm-cli, parsed. */
export interface CliCommand {
  name: keyof typeof modelled;
  flags: Record<string, string>;
}

/**
 * Parses the arguments of cloudhsm-cli (CloudHSM User Guide, cloudhsm_cli-user-list, -create, -change-password, -delete, cloudhsm_cli-cluster-hsm-info,
 * cloudhsm_cli-qm-token-list-qm).
 * @throws NotModelled for a command or flag that is not modelled
 */
export function parseCliCommand(args: readonly string[]): CliCommand {
  const name = [3, 2].map((words) => args.slice(0, words).join(' ')).find(isModelled);
  if (name === undefined) throw new NotModelled(`cloudhsm-cli ${args.slice(0, 2).join(' ')}`);
  const known: readonly string[] = modelled[name];
  const flags: Record<string, string> = {};
  for (let index = name.split(' ').length; index < args.length; index += 2) {
    const flag = args[index] ?? '';
    const value = args[index + 1];
    if (!known.includes(flag)) throw new NotModelled(`flag ${flag} of cloudhsm-cli ${name}`);
    if (value === undefined) throw new NotModelled(`flag ${flag} without a value`);
    flags[flag] = value;
  }
  return { name, flags };
}

function isModelled(name: string): name is CliCommand['name'] {
  return Object.hasOwn(modelled, name);
}

/**
 * What a release that is too old for the command says, or undefined if it knows it: several clusters came with 5.12.0
 * (CloudHSM User Guide, client-version-previous). The words and the exit code are those of its argument parser, clap. [U]
 */
export function misunderstood(version: string, { flags }: CliCommand): string | undefined {
  if (flags['--cluster-id'] !== undefined && isBefore(version, 5, 12)) return "error: unexpected argument '--cluster-id' found\n";
  return undefined;
}

/** Whether a release is older than that minor version. */
export function isBefore(version: string, major: number, minor: number): boolean {
  const [its = 0, itsMinor = 0] = version.split('.').map(Number);
  return its < major || (its === major && itsMinor < minor);
}
