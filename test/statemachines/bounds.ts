import type { Json, JsonObject } from '../../simulator/aws';
import { operatorOf, ruleHolds, rules } from '../../simulator/states/choice';
import type { ChoiceState, Definition, State, TaskState } from '../../simulator/states/definition';
import { parseExpression } from '../../simulator/states/intrinsics';
import { isObject, writePath, textOf } from '../../simulator/states/paths';
import { timings } from '../../simulator/timings';
import { edgesOf, tasksOf } from './graph';

/** What is known for certain of the data at one place: values by path. Nothing is known of any other path. */
export type Facts = Readonly<Record<string, string | number | boolean>>;

/** What is known of the results of a machine's tasks, and of the waits that its input gives. */
export interface Assumptions {
  /** The facts under `$` of what the task may answer, one entry for each kind of answer, given what is known before. Default: nothing is known. */
  results?: (task: TaskState, before: Facts) => Facts[];
  /** The longest wait by SecondsPath, in seconds. */
  longestWait?: number;
  /** What holds at the start. */
  facts?: Facts;
}

/** The longest way through a machine, or the cycle that has no bound. */
export type Longest = Way | { unbounded: string[] };

/** Ours and AWS's, for each visit of a state that calls something: one call and one transition, in seconds. */
const visitSeconds = (timings.apiCall + timings.stateTransition) / 1000;
/** The longest way that may be looked for; a definition within it has no cycle. */
const deepest = 5_000;

/**
 * The longest time from the start to an end: all waits of that way, each task's TimeoutSeconds once, and a call's usual time for each visit.
 * Counters and other known values are followed along every way, so a cycle comes to an end only if a Choice compares what the cycle itself changes.
 */
export function longest(definition: Definition, assumptions: Assumptions = {}): Longest {
  const known = new Map<string, Way>();
  const onTheWay = new Set<string>();
  const stack: Visit[] = [];
  const enter = ({ name, facts, key }: Place): void => {
    const state = definition.States[name];
    if (!state) throw new Error(`There is no state ${name}`);
    onTheWay.add(key);
    stack.push({ name, key, seconds: secondsOf(state, assumptions), ahead: steps(state, facts, assumptions), rest: { seconds: 0, states: 0 } });
  };

  const start = place(definition.StartAt, assumptions.facts ?? {});
  enter(start);
  for (let visit = stack.at(-1); visit; visit = stack.at(-1)) {
    const next = visit.ahead.at(-1);
    if (next === undefined) {
      known.set(visit.key, { seconds: visit.seconds + visit.rest.seconds, states: 1 + visit.rest.states });
      onTheWay.delete(visit.key);
      stack.pop();
      continue;
    }
    const way = known.get(next.key);
    if (way) {
      visit.ahead.pop();
      if (way.seconds > visit.rest.seconds) visit.rest = way;
    } else if (onTheWay.has(next.key) || stack.length > deepest) {
      const names = stack.map(({ name }) => name);
      return { unbounded: names.slice(Math.max(names.lastIndexOf(next.name), 0)) };
    } else enter(next);
  }

  const whole = known.get(start.key) ?? { seconds: 0, states: 0 };
  const timeouts = tasksOf(definition).reduce((total, [, { TimeoutSeconds = Infinity }]) => total + TimeoutSeconds, 0);
  return { seconds: whole.seconds + timeouts, states: whole.states };
}

interface Way {
  seconds: number;
  states: number;
}

/** A state under way, with what is known there: what is still to be tried, and the longest of what was. */
interface Visit {
  name: string;
  key: string;
  seconds: number;
  ahead: Place[];
  rest: Way;
}

/** A state, with what is known there; the key is the same for the same of both. */
interface Place {
  name: string;
  facts: Facts;
  key: string;
}

function place(name: string, facts: Facts): Place {
  const known = Object.entries(facts).map(([path, value]) => `${path}=${JSON.stringify(value)}`);
  return { name, facts, key: [name, ...known.sort()].join(' ') };
}

function secondsOf(state: State, { longestWait = 0 }: Assumptions): number {
  if (state.Type === 'Wait') return (state.Seconds ?? longestWait) + timings.stateTransition / 1000;
  return state.Type === 'Task' ? visitSeconds : timings.stateTransition / 1000;
}

/** Every state that may follow, with what is known there. */
function steps(state: State, facts: Facts, { results }: Assumptions): Place[] {
  if (state.Type === 'Choice') return possible(state, facts).map((to) => place(to, facts));
  if (state.Type === 'Pass') return edgesOf(state).map(({ to }) => place(to, placed(facts, state.ResultPath, factsOf(state.Result ?? state.Parameters, facts))));
  if (state.Type !== 'Task') return edgesOf(state).map(({ to }) => place(to, facts));
  const answers = state.ResultSelector === undefined ? (results?.(state, facts) ?? [{}]) : [factsOf(state.ResultSelector, {})];
  return edgesOf(state).flatMap(({ to, catcher }) =>
    catcher ? [place(to, placed(facts, catcher.ResultPath, {}))] : answers.map((answer) => place(to, placed(facts, state.ResultPath, answer))),
  );
}

/** The facts after a result has been put at a path: what stood there before is no longer known. */
function placed(facts: Facts, path: string | null | undefined, result: Facts): Facts {
  if (path === null) return facts;
  const at = path ?? '$';
  const kept = Object.entries(facts).filter(([known]) => known !== at && !known.startsWith(`${at}.`));
  const added = Object.entries(result).map(([known, value]): [string, Facts[string]] => [at + known.slice(1), value]);
  return { ...Object.fromEntries(kept), ...Object.fromEntries(added) };
}

/** What a payload template makes certain: its literals, copies of known values, and a known counter plus a literal. */
function factsOf(template: Json | undefined, facts: Facts, at = '$'): Facts {
  if (!isObject(template)) return isLiteral(template) ? { [at]: template } : {};
  return Object.entries(template).reduce<Facts>((found, [name, value]) => {
    if (!name.endsWith('.$')) return { ...found, ...factsOf(value, facts, `${at}.${name}`) };
    const result = computed(textOf(value), facts);
    return result === undefined ? found : { ...found, [`${at}.${name.slice(0, -2)}`]: result };
  }, {});
}

function computed(source: string, facts: Facts): string | number | boolean | undefined {
  const expression = parseExpression(source);
  if ('path' in expression) return facts[expression.path];
  if (!('name' in expression) || expression.name !== 'States.MathAdd') return undefined;
  const [left, right] = expression.arguments.map((argument): Json | undefined => ('path' in argument ? facts[argument.path] : 'literal' in argument ? argument.literal : undefined));
  return typeof left === 'number' && typeof right === 'number' ? left + right : undefined;
}

function isLiteral(value: Json | undefined): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

/** The ways out of a Choice that the facts do not exclude. */
function possible({ Choices, Default }: ChoiceState, facts: Facts): string[] {
  const ways: string[] = [];
  for (const rule of Choices) {
    const verdict = holds(rule, facts);
    if (verdict !== false) ways.push(textOf(rule.Next));
    if (verdict === true) return [...new Set(ways)];
  }
  return [...new Set(Default === undefined ? ways : [...ways, Default])];
}

/** Whether a rule holds: undefined where the facts do not tell. */
function holds(rule: JsonObject, facts: Facts): boolean | undefined {
  if (rule.Not !== undefined) {
    const [inner] = rules([rule.Not]).map((part) => holds(part, facts));
    return inner === undefined ? undefined : !inner;
  }
  const [parts, decisive] = rule.And === undefined ? [rule.Or, true] : [rule.And, false];
  if (parts !== undefined) {
    const verdicts = rules(parts).map((part) => holds(part, facts));
    if (verdicts.includes(decisive)) return decisive;
    return verdicts.includes(undefined) ? undefined : !decisive;
  }
  const variable = textOf(rule.Variable);
  const value = facts[variable];
  const other = operatorOf(rule).endsWith('Path') ? facts[textOf(rule[operatorOf(rule)])] : true;
  if (value === undefined || other === undefined) return undefined;
  const data = Object.entries(facts).reduce<Json>((whole, [path, known]) => writePath(path, whole, known), {});
  return ruleHolds(rule, { data, context: {} });
}
