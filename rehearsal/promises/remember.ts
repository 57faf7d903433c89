import type { World } from '../world';
import { notOursIn, type NotOurs } from './not-ours';
import { witness, type Seen } from './witness';

/** What was before a stack's life, and what is seen of it. */
export interface Before {
  notOurs: NotOurs;
  seen: Seen;
}

/** Looks at a world that is set up, before the first operation, and watches it from then on. */
export function remember(world: World): Before {
  const notOurs = notOursIn(world);
  return { notOurs, seen: witness(world, notOurs) };
}
