import type { World } from '../world';
import type { Seen, SeenCall, SeenCommand } from './witness';

/** P15: no version of the admin's secret has cost a stack more than one refused login. A stack that is made anew remembers nothing of the one before. */
export function checkLogins({ account: { cloudFormation } }: World, { calls, commands }: Seen): string[] {
  const refused = new Map<string, number>();
  for (const command of commands.filter(({ login }) => login === false)) {
    const stack = cloudFormation.state.stacks.filter(({ events }) => (events[0]?.time ?? Infinity) <= command.time).length;
    const what = `version ${versionBehind(command, calls)} of the admin's secret has cost stack ${stack}`;
    refused.set(what, (refused.get(what) ?? 0) + 1);
  }
  return [...refused].filter(([, times]) => times > 1).map(([what, times]) => `P15: ${what} ${times} refused logins`);
}

/** The version of a secret that a role read last before the command, and that holds the password of its login. */
function versionBehind({ time, env: { CLOUDHSM_PIN: pin = '' } }: SeenCommand, calls: Seen['calls']): string {
  const password = pin.slice(pin.indexOf(':') + 1);
  const forms = [password, JSON.stringify(password).slice(1, -1)];
  const holds = ({ output }: SeenCall): boolean => forms.some((form) => String(output?.['SecretString']).includes(form));
  const read = calls.findLast((call) => call.time <= time && call.role !== undefined && holds(call));
  return String(read?.output?.['VersionId'] ?? 'unknown');
}
