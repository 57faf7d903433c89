import type { Definition, State } from '../../simulator/states/definition';
import { waysOf } from './ways';

/** The way from the start to a good end that passes most states, none of them twice: what the machine does if there is everything to do. */
export function mainWay({ StartAt, States }: Definition): string[] {
  let longest: string[] = [];
  const follow = (name: string, before: string[]): void => {
    const state = States[name];
    if (!state || before.includes(name)) return;
    const way = [...before, name];
    if (endsWell(state) && way.length > longest.length) longest = way;
    for (const { to } of waysOf(state)) follow(to, way);
  };
  follow(StartAt, []);
  return longest;
}

/** Whether an execution that comes here succeeds. */
export function endsWell(state: State): boolean {
  return state.Type === 'Succeed' || ('End' in state && state.End);
}
