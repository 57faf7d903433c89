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
  /** The sign of its mark: a number, if there are several. */
  mark: string;
}

/** The catchers that many states share, each with the names of these, and a mark of its own. */
export function sharedCatchers(states: Record<string, State>): Shared[] {
  const found = new Map<string, Omit<Shared, 'mark'>>();
  for (const [name, state] of Object.entries(states)) {
    for (const catcher of catchersOf(state)) {
      const key = keyOf(catcher);
      const entry = found.get(key) ?? { key, catcher, states: [] };
      found.set(key, { ...entry, states: [...entry.states, name] });
    }
  }
  const shared = [...found.values()].filter((entry) => entry.states.length >= SHARED_BY);
  return shared.map((entry, index) => ({ ...entry, mark: shared.length === 1 ? '!' : `${index + 1}` }));
}

/**
 * What a catcher catches, in words.
 * @param others whether other catchers stand before it
 */
export function errorsInWords({ ErrorEquals }: Catcher, others: boolean): string {
  if (ErrorEquals.includes('States.ALL')) return others ? 'any other error' : 'any error';
  return ErrorEquals.map(lastPart).join(' or ');
}
