import type { Catcher, State } from '../../simulator/states/definition';
import { lastPart } from './rule-in-words';
import { catchersOf } from './ways';

/** A catcher that so many states share is told by a mark, because as many lines to one place tell nothing. */
const SHARED_BY = 3;

/** One word for a catcher: two are the same if they catch the same, lead to the same state, and leave the same behind. */
export const keyOf = (catcher: Catcher): string => JSON.stringify([catcher.ErrorEquals, catcher.Next, catcher.ResultPath]);

/** A catcher that is the same in several states. */
export interface Shared {
  key: string;
  catcher: Catcher;
  states: string[];
}

/** The catchers that many states share, each with the names of these. */
export function sharedCatchers(states: Record<string, State>): Shared[] {
  const found = new Map<string, Shared>();
  for (const [name, state] of Object.entries(states)) {
    for (const catcher of catchersOf(state)) {
      const key = keyOf(catcher);
      const entry = found.get(key) ?? { key, catcher, states: [] };
      found.set(key, { ...entry, states: [...entry.states, name] });
    }
  }
  return [...found.values()].filter(({ states }) => states.length >= SHARED_BY);
}

/**
 * What a catcher catches, in words.
 * @param others whether other catchers stand before it
 */
export function errorsInWords({ ErrorEquals }: Catcher, others: boolean): string {
  if (ErrorEquals.includes('States.ALL')) return others ? 'any other error' : 'any error';
  return ErrorEquals.map(lastPart).join(' or ');
}
