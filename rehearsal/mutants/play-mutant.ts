import type { KeyPool } from '../../simulator/ssm/key-pool';
import { play } from '../play';
import type { Scenario } from '../scenario';
import type { World } from '../world';

/** Wall-clock milliseconds after which a play hangs: the longest takes a few seconds. */
const PATIENCE = 120_000;

/**
 * Plays a scenario on another template than the emitted one.
 * @returns what was not as the scenario says it must be
 */
export async function playOn(templateBody: string, name: string, scenario: Scenario, keyPool: KeyPool, over?: (world: World) => void): Promise<string[]> {
  let alarm: NodeJS.Timeout | undefined;
  const hangs = new Promise<string[]>((resolve) => {
    alarm = setTimeout(resolve, PATIENCE, ['it does not come to an end']);
  });
  const played = play(name, onTemplate(templateBody, scenario), { keyPool, listener: { ...(over && { over }) } }).then(
    ({ failures }) => failures,
    (error: unknown) => [`it cannot be played: ${String(error)}`],
  );
  try {
    return await Promise.race([played, hangs]);
  } finally {
    clearTimeout(alarm);
  }
}

/** A scenario that sets up its world with another template. */
function onTemplate(templateBody: string, { steps: [first, ...others], ...scenario }: Scenario): Scenario {
  if (!first) return { ...scenario, steps: [] };
  const before = (world: World): void | Promise<void> => {
    world.templateBody = templateBody;
    return first.before?.(world);
  };
  return { ...scenario, steps: [{ ...first, before }, ...others] };
}
