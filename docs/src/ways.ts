import type { JsonObject } from '../../simulator/aws';
import type { Catcher, State } from '../../simulator/states/definition';
import { textOf } from '../../simulator/states/paths';

/** A way out of a state that no error takes. */
export interface Way {
  to: string;
  /** The choice rules that lead there, in their order. */
  rules: JsonObject[];
  /** Whether it is also, or only, the Default of a Choice. */
  otherwise: boolean;
}

/** Every way out of a state that no error takes, each target once. */
export function waysOf(state: State): Way[] {
  if (state.Type !== 'Choice') return 'Next' in state ? [{ to: state.Next, rules: [], otherwise: false }] : [];
  const { Choices, Default } = state;
  const targets = [...Choices.map(nextOf), ...(Default === undefined ? [] : [Default])];
  return [...new Set(targets)].map((to) => ({ to, rules: Choices.filter((rule) => nextOf(rule) === to), otherwise: Default === to }));
}

function nextOf({ Next }: JsonObject): string {
  return textOf(Next);
}

/** The catchers of a state. */
export function catchersOf(state: State): Catcher[] {
  return state.Type === 'Task' ? (state.Catch ?? []) : [];
}
