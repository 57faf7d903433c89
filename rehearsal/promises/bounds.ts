import type { World } from '../world';
import type { Seen } from './witness';

/** P3: every execution came to an end of its own before the time-out of its machine. */
export function checkBounds({ account: { aws, states } }: World, { bounds }: Seen): string[] {
  return [...Object.values(states.state.executions), ...states.state.forgotten].flatMap(({ machineName, machineId, name, status, startTime, stopTime }) => {
    const bound = bounds.get(machineId) ?? Infinity;
    const seconds = ((stopTime ?? aws.clock.now) - startTime) / 1_000;
    if (bound === Infinity) return [`P3: ${machineName} has no time-out`];
    if (status === 'TIMED_OUT') return [`P3: ${machineName} ${name} ran into its time-out of ${bound} s`];
    return seconds > bound ? [`P3: ${machineName} ${name} took ${seconds} s, of ${bound} that it may`] : [];
  });
}
