import type { Json, JsonObject } from '../../simulator/aws';
import { operatorOf, rules } from '../../simulator/states/choice';
import type { ChoiceState, Definition, State, TaskState } from '../../simulator/states/definition';
import { parseExpression, pathsIn } from '../../simulator/states/intrinsics';
import { isObject, parsePath, textOf } from '../../simulator/states/paths';
import { expressionsIn } from '../../simulator/states/payload-template';
import { edgesOf } from './graph';

/** What is certainly there: `true` is a value of which nothing more is known, a list has one entry at least. */
export type Shape = true | readonly [Shape] | { readonly [field: string]: Shape };

/** What a task certainly answers; `$` of the shape is the raw result. */
export type Results = (name: string, task: TaskState) => Shape;

const context: Shape = {
  Execution: { Id: true, Input: true, Name: true, StartTime: true },
  State: { Name: true, EnteredTime: true, RetryCount: true },
  StateMachine: { Id: true, Name: true },
};

/** What a machine reads that is not there on every way, and what it certainly gives when it succeeds. */
export interface DataFlow {
  unresolved: string[];
  output: Shape | undefined;
}

/**
 * Follows the data along every way: a path that a state reads must be there on each way to that state,
 * or stand behind IsPresent in the Choice before.
 */
export function followData(definition: Definition, input: Shape, results: Results): DataFlow {
  const entering = new Map<string, Shape>([[definition.StartAt, input]]);
  const waiting = [definition.StartAt];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const state = definition.States[name];
    const shape = entering.get(name);
    if (!state || shape === undefined) continue;
    for (const [to, arriving] of leaving(name, state, shape, results)) {
      const before = entering.get(to);
      const after = before === undefined ? arriving : common(before, arriving);
      if (before !== undefined && JSON.stringify(before) === JSON.stringify(after)) continue;
      entering.set(to, after);
      waiting.push(to);
    }
  }
  const reached = [...entering].flatMap(([name, shape]): [string, State, Shape][] => {
    const state = definition.States[name];
    return state ? [[name, state, shape]] : [];
  });
  const ends = reached.filter(([, state]) => state.Type === 'Succeed' || ('End' in state && state.End));
  const outputs = ends.map(([name, state, shape]) => resultOf(name, state, shape, results));
  return {
    unresolved: reached.flatMap(([name, state, shape]) => readsOf(name, state, shape, results).map((path) => `${name} reads ${path}, which is not there on every way`)),
    output: outputs.length === 0 ? undefined : outputs.reduce(common),
  };
}

/** The shapes with which each following state is entered. */
function leaving(name: string, state: State, shape: Shape, results: Results): [string, Shape][] {
  if (state.Type === 'Choice') {
    return edgesOf(state).map(({ to, rule }) => [to, rule === undefined ? shape : presentIn(state.Choices[rule] ?? {}).reduce(ensured, shape)]);
  }
  return edgesOf(state).map(({ to, catcher }) => [
    to,
    catcher ? place(catcher.ResultPath, shape, { Error: true, Cause: true }) : resultOf(name, state, shape, results),
  ]);
}

/** The data that a state hands on. */
function resultOf(name: string, state: State, shape: Shape, results: Results): Shape {
  if (state.Type === 'Fail' || state.Type === 'Choice') return shape;
  const input = selected(state.InputPath, shape);
  if (state.Type === 'Succeed' || state.Type === 'Wait') return selected(state.OutputPath, input);
  return selected(state.OutputPath, place(state.ResultPath, shape, ownResult(name, state, input, results)));
}

function ownResult(name: string, state: State & { Type: 'Task' | 'Pass' }, input: Shape, results: Results): Shape {
  if (state.Type === 'Pass') return state.Result === undefined ? filled(state.Parameters, input) : literal(state.Result);
  return filled(state.ResultSelector, results(name, state));
}

/** Every path that a state reads in vain. */
function readsOf(name: string, state: State, shape: Shape, results: Results): string[] {
  if (state.Type === 'Fail') return missing([state.ErrorPath, state.CausePath].flatMap((source) => (source === undefined ? [] : pathsIn(parseExpression(source)))), shape);
  const input = selected(state.InputPath, shape);
  const own = missing([state.InputPath].filter(isPath), shape);
  const out = state.Type === 'Choice' ? input : resultWithoutOutputPath(name, state, shape, input, results);
  return [...own, ...missing([state.OutputPath].filter(isPath), out), ...particular(name, state, input, results)];
}

function particular(name: string, state: Exclude<State, { Type: 'Fail' }>, input: Shape, results: Results): string[] {
  switch (state.Type) {
    case 'Task':
      return [...missing(pathsOf(state.Parameters), input), ...missing(pathsOf(state.ResultSelector), results(name, state))];
    case 'Pass':
      return missing(pathsOf(state.Parameters), input);
    case 'Wait':
      return missing([state.SecondsPath].filter(isPath), input);
    case 'Choice':
      return choiceReads(state, input);
    case 'Succeed':
      return [];
  }
}

function resultWithoutOutputPath(name: string, state: Exclude<State, { Type: 'Fail' | 'Choice' }>, shape: Shape, input: Shape, results: Results): Shape {
  return state.Type === 'Task' || state.Type === 'Pass' ? place(state.ResultPath, shape, ownResult(name, state, input, results)) : input;
}

function choiceReads({ Choices }: ChoiceState, input: Shape): string[] {
  return Choices.flatMap((rule) => ruleReads(rule, input));
}

/** And reads its parts in order: IsPresent makes certain what stands after it. */
function ruleReads(rule: JsonObject, shape: Shape): string[] {
  if (rule.And !== undefined) {
    let seen = shape;
    return rules(rule.And).flatMap((part) => {
      const unresolved = ruleReads(part, seen);
      seen = presentIn(part).reduce(ensured, seen);
      return unresolved;
    });
  }
  if (rule.Or !== undefined) return rules(rule.Or).flatMap((part) => ruleReads(part, shape));
  if (rule.Not !== undefined) return rules([rule.Not]).flatMap((part) => ruleReads(part, shape));
  const operator = operatorOf(rule);
  if (operator === 'IsPresent') return [];
  return missing([textOf(rule.Variable), ...(operator.endsWith('Path') ? [textOf(rule[operator])] : [])], shape);
}

/** The paths that are certainly there when a rule holds. */
function presentIn(rule: JsonObject): string[] {
  if (rule.And !== undefined) return rules(rule.And).flatMap(presentIn);
  return rule.IsPresent === true ? [textOf(rule.Variable)] : [];
}

function pathsOf(template: Json | undefined): string[] {
  return expressionsIn(template ?? null).flatMap(pathsIn);
}

function isPath(path: string | null | undefined): path is string {
  return typeof path === 'string';
}

function missing(paths: string[], shape: Shape): string[] {
  return paths.filter((path) => at(path, shape) === undefined);
}

/** The shape at a path, or undefined where nothing is certain. */
function at(path: string, shape: Shape): Shape | undefined {
  const { fromContext, steps } = parsePath(path);
  return steps.reduce<Shape | undefined>((found, step) => {
    if (found === undefined || found === true) return undefined;
    if (typeof step === 'number') return isList(found) && step === 0 ? found[0] : undefined;
    return isList(found) ? undefined : found[step];
  }, fromContext ? context : shape);
}

function isList(shape: Exclude<Shape, true>): shape is readonly [Shape] {
  return Array.isArray(shape);
}

function selected(path: string | null | undefined, shape: Shape): Shape {
  if (path === null) return {};
  return path === undefined ? shape : (at(path, shape) ?? true);
}

function place(path: string | null | undefined, input: Shape, result: Shape): Shape {
  if (path === null) return input;
  return put(path ?? '$', input, result);
}

function put(path: string, shape: Shape, value: Shape): Shape {
  const write = ([step, ...rest]: (string | number)[], into: Shape | undefined): Shape => {
    if (step === undefined) return value;
    const fields = into === undefined || into === true || isList(into) ? {} : into;
    return { ...fields, [step]: write(rest, fields[step]) };
  };
  return write(parsePath(path).steps, shape);
}

/** The shape once IsPresent has told that the path is there; what is known of it stays known. */
function ensured(shape: Shape, path: string): Shape {
  return at(path, shape) === undefined ? put(path, shape, true) : shape;
}

function filled(template: Json | undefined, input: Shape): Shape {
  if (template === undefined) return input;
  if (!isObject(template)) return literal(template);
  return Object.fromEntries(
    Object.entries(template).map(([name, value]): [string, Shape] => {
      if (!name.endsWith('.$')) return [name, filled(value, input)];
      const expression = parseExpression(textOf(value));
      return [name.slice(0, -2), 'path' in expression ? (at(expression.path, input) ?? true) : true];
    }),
  );
}

function literal(value: Json): Shape {
  if (Array.isArray(value)) return value.length === 0 ? true : [value.map(literal).reduce(common)];
  return isObject(value) ? Object.fromEntries(Object.entries(value).map(([name, field]) => [name, literal(field)])) : true;
}

/** What is certain on both ways. */
function common(one: Shape, other: Shape): Shape {
  if (one === true || other === true) return true;
  if (isList(one) || isList(other)) return isList(one) && isList(other) ? [common(one[0], other[0])] : true;
  return Object.fromEntries(
    Object.entries(one).flatMap(([field, shape]): [string, Shape][] => {
      const same = other[field];
      return same === undefined ? [] : [[field, common(shape, same)]];
    }),
  );
}
