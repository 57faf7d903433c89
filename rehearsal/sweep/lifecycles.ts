import type { Lifecycle } from './lifecycle';
import { creates } from './lifecycles/creates';
import { deletes } from './lifecycles/deletes';
import { updates } from './lifecycles/updates';

/** Every lifecycle. A new one is one entry: its sites are found by recording it. */
export const LIFECYCLES: readonly Lifecycle[] = [...creates, ...updates, ...deletes];

/** The lifecycle of that name. @throws Error if there is none */
export function lifecycle(name: string): Lifecycle {
  const found = LIFECYCLES.find((one) => one.name === name);
  if (!found) throw new Error(`There is no lifecycle ${name}`);
  return found;
}
