import type { World } from '../world';
import { checkAnswers } from './answers';
import { checkBounds } from './bounds';
import { checkClient } from './client';
import { checkForeign } from './foreign';
import { checkInForce } from './in-force';
import { checkKept } from './kept';
import { checkLeft } from './left';
import { checkLogins } from './logins';
import { checkPermissions } from './permissions';
import type { Before } from './remember';
import { checkSecrets } from './secrets';

export { createAgain } from './create-again';
export { remember, type Before } from './remember';

/** What only those know who led a life. Everything else the world tells: what was asked, how the stack ended, what must be kept. */
export interface LifeStory {
  /**
   * A person had their hands on the key store, kmsuser, an HSM, the client or the ledger. Then nobody can tell the settings in force (P8), or
   * what is not ours (P5), from their work. That roles leave alone what is not ours is checked all the same. Default: false.
   */
  interfered?: boolean;
  /**
   * The key store was out of work before the last update: gone, FAILED or disconnected. Then nothing can go back to work with the settings that a
   * rollback brings back (P8). Default: false.
   */
  brokenBefore?: boolean;
  /** What may be left, as `leftovers` words it, beyond what the parameters keep and what holds keys. Default: nothing. */
  leaves?: readonly (string | RegExp)[];
  /** Which calls IAM may deny for good, as `role may not action on resource`. Default: none. An error that a fault gives is no denial. */
  denies?: readonly RegExp[];
}

/**
 * The promises that a life has broken, whatever happened in it. One line each, which begins with the promise: `P4: left over: key store cks-…`;
 * what the simulator does not model begins with `simulator`. Let ten minutes pass before, so that what was stopped has come to its end.
 */
export function brokenPromises(world: World, before: Before, { interfered = false, brokenBefore = false, leaves = [], denies = [] }: LifeStory = {}): string[] {
  const { notOurs, seen } = before;
  const mayBeLeft = (line: string): boolean => {
    const left = line.replace('P4: left over: ', '');
    return leaves.some((one) => (typeof one === 'string' ? left === one : one.test(left)));
  };
  return [
    ...checkAnswers(world, seen),
    ...checkBounds(world, seen),
    ...checkLeft(world, before, interfered).filter((line) => !mayBeLeft(line)),
    ...checkKept(world, seen, notOurs, interfered),
    ...checkForeign(world, seen, notOurs, interfered),
    ...(interfered ? [] : checkInForce(world, brokenBefore)),
    ...checkSecrets(world, before),
    ...checkPermissions(world, denies),
    ...checkClient(world, seen, interfered),
    ...checkLogins(world, seen),
    ...world.account.refusals.map((line) => `simulator: ${line}`),
  ];
}
