import type { Json, JsonObject } from '../aws';
import { NotModelled } from '../errors';
import { runtimeError } from './state-error';

/** What a path may read: the state's data, and the context object behind `$$`. */
export interface Scope {
  data: Json;
  context: JsonObject;
}

type Step = string | number;

/** Whether a JSON value is an object (no array, not null). */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reads JSON. @throws SyntaxError */
export function fromJson(text: string): Json {
  return JSON.parse(text) as Json;
}

/** A JSON value as text: a string as it is, anything else as JSON. */
export function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}

/**
 * Takes a reference path (`$.a.b`, `$.a[0].b`, `$$.Execution.Id`) into its steps.
 * Source: Step Functions Developer Guide, amazon-states-language-paths.
 * @throws NotModelled for filters, wildcards, slices and quoted names
 */
export function parsePath(path: string): { fromContext: boolean; steps: Step[] } {
  const fromContext = path.startsWith('$$');
  const rest = path.slice(fromContext ? 2 : 1);
  if (!path.startsWith('$') || !/^(\.[A-Za-z_][\w-]*|\[\d+\])*$/.test(rest)) throw new NotModelled(`path ${path}`);
  const steps = Array.from(rest.matchAll(/\.([\w-]+)|\[(\d+)\]/g), ([, name, index]): Step => name ?? Number(index));
  return { fromContext, steps };
}

/** The value at a path, or undefined where there is none. */
export function findPath(path: string, scope: Scope): Json | undefined {
  const { fromContext, steps } = parsePath(path);
  let value: Json | undefined = fromContext ? scope.context : scope.data;
  for (const step of steps) {
    if (typeof step === 'number') value = Array.isArray(value) ? value[step] : undefined;
    else value = isObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
    if (value === undefined) return undefined;
  }
  return value;
}

/**
 * The value at a path.
 * @throws StateError States.Runtime where there is none, which nothing catches
 */
export function readPath(path: string, scope: Scope): Json {
  const value = findPath(path, scope);
  if (value === undefined) throw runtimeError(`The JSONPath '${path}' could not be found in the input '${JSON.stringify(scope.data)}'`);
  return value;
}

/** Whether a path can be written to: names only, from `$`. Source: Developer Guide, input-output-resultpath. */
export function isWritable(path: string): boolean {
  const { fromContext, steps } = parsePath(path);
  return !fromContext && steps.every((step) => typeof step === 'string');
}

/** A copy of `data` in which the value stands at the path; objects on the way are made where they are missing. */
export function writePath(path: string, data: Json, value: Json): Json {
  return write(parsePath(path).steps, data, value);
}

function write([step, ...rest]: Step[], data: Json | undefined, value: Json): Json {
  if (step === undefined) return value;
  const parent = isObject(data) ? data : {};
  return { ...parent, [step]: write(rest, parent[step], value) };
}
