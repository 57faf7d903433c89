import type { StackEvent } from '../simulator/cloudformation/stack';
import type { Report, StepReport } from './play';

const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;

/** Virtual time as hours, minutes and seconds. */
function clock(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(11, 19);
}

/** A reason up to this length goes on the event's own line. */
const SHORT_REASON = 40;

/** A stack event as the console's Events tab shows it, with virtual time before it. */
export function eventLine({ status, logicalId, type, reason }: StackEvent, time: number): string {
  const line = `${clock(time)}  ${status.padEnd(24)} ${logicalId.padEnd(40)} ${type}`;
  if (reason === undefined) return line;
  return reason.length <= SHORT_REASON ? `${line}  ${reason}` : `${line}\n          ${reason}`;
}

/** How a step ended. */
export function stepLines({ do: what, ended, keyStore, requests }: StepReport): string {
  const store = keyStore === 'none' ? 'There is no key store.' : `The key store is ${keyStore}.`;
  const times = requests.map(({ type, status, time }) => `  ${type}: ${status} after ${seconds(time.aws + time.ours)}, of which AWS took ${seconds(time.aws)} and we ${seconds(time.ours)}`);
  return [`\n${what}: ${ended}. ${store}`, ...times, ''].join('\n');
}

/** What the whole scenario came to. */
export function summary({ title, created, left, calls, denied, deniedEarly, steps, failures }: Report): string {
  const times = steps.flatMap(({ requests }) => requests.map(({ time }) => time));
  const total = (whose: 'aws' | 'ours'): string => seconds(times.reduce((sum, time) => sum + time[whose], 0));
  return [
    `Scenario ${title}`,
    `  created       ${Object.values(created).reduce((sum, count) => sum + count, 0)} resources`,
    ...Object.entries(created).map(([type, count]) => `                ${String(count).padStart(2)} ${type}`),
    `  left          ${left.length === 0 ? 'nothing' : left.join(', ')}`,
    `  calls         ${calls} to AWS, ${denied.length} denied (and ${deniedEarly} too early for a new role, tried again)`,
    `  time          ${total('aws')} were AWS's and ${total('ours')} ours, of what the key store took`,
    `  as it must be ${failures.length === 0 ? 'yes' : 'NO'}`,
    ...failures.map((failure) => `    ${failure}`),
  ].join('\n');
}
