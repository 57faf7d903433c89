import type { Definition, State } from '../../simulator/states/definition';
import { endsWell } from './main-way';
import { catchersOf, waysOf } from './ways';

/**
 * The states in the order in which a person reads them: each after all that lead to it, ways back apart, the ends last, and the main way first where there
 * is a choice.
 */
export function readingOrder({ StartAt, States }: Definition, main: string[]): string[] {
  const ahead = waysAhead(StartAt, States, main);
  const order: string[] = [];
  const left = new Set(ahead.keys());
  while (left.size > 0) {
    const blocked = new Set([...left].flatMap((name) => ahead.get(name) ?? []));
    const ready = [...left].filter((name) => !blocked.has(name));
    const following = ahead.get(order.at(-1) ?? '') ?? [];
    const rank = (name: string): number => (isEnd(States[name]) ? 4 : 0) + (following.includes(name) ? 0 : 2) + (main.includes(name) ? 0 : 1);
    const [next] = ready.sort((a, b) => rank(a) - rank(b));
    if (next === undefined) break;
    order.push(next);
    left.delete(next);
  }
  return order;
}

function isEnd(state: State | undefined): boolean {
  return state !== undefined && (state.Type === 'Fail' || endsWell(state));
}

/** Where each state leads, without the ways back to a state that was passed; the main way is followed first, so that it counts as ahead. */
function waysAhead(start: string, states: Record<string, State>, main: string[]): Map<string, string[]> {
  const ahead = new Map<string, string[]>();
  const follow = (name: string, before: string[]): void => {
    const state = states[name];
    if (!state || ahead.has(name)) return;
    const targets = [...waysOf(state), ...catchersOf(state).map(({ Next }) => ({ to: Next }))].map(({ to }) => to);
    const next = main[main.indexOf(name) + 1];
    const path = [...before, name];
    const forward = [...new Set([...targets.filter((to) => to === next), ...targets])].filter((to) => !path.includes(to));
    ahead.set(name, forward);
    for (const to of forward) follow(to, path);
  };
  follow(start, []);
  return ahead;
}
