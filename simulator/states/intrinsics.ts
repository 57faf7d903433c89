import type { Json } from '../aws';
import { NotModelled } from '../errors';
import { fromJson, parsePath, readPath, type Scope } from './paths';
import { StateError } from './state-error';

/** A parsed expression: a path, a literal, or a function with its arguments. */
export type Expression = { path: string } | { literal: Json } | { name: string; arguments: Expression[] };

/** Step Functions Developer Guide, intrinsic-functions. Any other function is refused by name. */
const functions: Record<string, (values: Json[]) => Json> = {
  'States.Format': ([template, ...values]) => format(text(template, 'States.Format'), values),
  'States.MathAdd': ([left, right]) => integer(left) + integer(right),
  'States.JsonToString': ([value]) => JSON.stringify(given(value, 'States.JsonToString')),
  'States.StringToJson': ([value]) => parse(text(value, 'States.StringToJson')),
  'States.Array': (values) => values,
  'States.ArrayLength': ([value]) => {
    if (!Array.isArray(value)) throw failure('States.ArrayLength takes an array');
    return value.length;
  },
};

/**
 * Parses the value of a field whose name ends in `.$`: a path or an intrinsic function.
 * @throws NotModelled for a function or a form that is not modelled
 */
export function parseExpression(source: string): Expression {
  const reader = new Reader(source);
  const expression = reader.expression();
  reader.end();
  return expression;
}

/**
 * The value of a parsed expression.
 * @throws StateError States.Runtime for a path that does not resolve, States.IntrinsicFailure for a function that fails
 */
export function evaluate(expression: Expression, scope: Scope): Json {
  if ('path' in expression) return readPath(expression.path, scope);
  if ('literal' in expression) return expression.literal;
  const apply = functions[expression.name];
  if (!apply) throw new NotModelled(`intrinsic function ${expression.name}`);
  return apply(expression.arguments.map((argument) => evaluate(argument, scope)));
}

/** Every path that an expression reads. */
export function pathsIn(expression: Expression): string[] {
  if ('path' in expression) return [expression.path];
  return 'literal' in expression ? [] : expression.arguments.flatMap(pathsIn);
}

class Reader {
  #place = 0;

  constructor(readonly source: string) {}

  expression(): Expression {
    const path = this.#take(/\$[^\s,()']*/y);
    if (path !== undefined) {
      parsePath(path);
      return { path };
    }
    const name = this.#take(/States\.\w+(?=\()/y);
    if (name !== undefined) return this.#call(name);
    const quoted = this.#take(/'(?:[^'\\]|\\.)*'/y);
    // A format string keeps its escapes of braces: they are States.Format's own.
    if (quoted !== undefined) return { literal: quoted.slice(1, -1).replace(/\\(['\\])/g, '$1') };
    const plain = this.#take(/-?\d+(?:\.\d+)?|true|false|null/y);
    if (plain !== undefined) {
      return { literal: fromJson(plain) };
    }
    throw this.#refusal();
  }

  end(): void {
    if (this.#place !== this.source.length) throw this.#refusal();
  }

  #call(name: string): Expression {
    if (!functions[name]) throw new NotModelled(`intrinsic function ${name}`);
    const given: Expression[] = [];
    this.#take(/\(\s*/y);
    while (this.#take(/\s*\)/y) === undefined) {
      if (given.length > 0 && this.#take(/\s*,\s*/y) === undefined) throw this.#refusal();
      given.push(this.expression());
    }
    return { name, arguments: given };
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#place;
    const found = pattern.exec(this.source)?.[0];
    this.#place += found?.length ?? 0;
    return found;
  }

  #refusal(): NotModelled {
    return new NotModelled(`expression ${this.source}`);
  }
}

function format(template: string, values: Json[]): string {
  const rest = [...values];
  const filled = template.replace(/\\([{}])|\{\}/g, (_whole, escaped: string | undefined) => {
    if (escaped !== undefined) return escaped;
    const value = rest.shift();
    if (value === undefined) throw failure('States.Format has more {} than arguments');
    if (typeof value === 'object' && value !== null) throw failure('States.Format takes strings, numbers, booleans and null');
    return String(value);
  });
  if (rest.length > 0) throw failure('States.Format has more arguments than {}');
  return filled;
}

function parse(json: string): Json {
  try {
    return fromJson(json);
  } catch {
    throw failure('States.StringToJson was given no valid JSON');
  }
}

function text(value: Json | undefined, name: string): string {
  if (typeof value !== 'string') throw failure(`${name} takes a string`);
  return value;
}

function integer(value: Json | undefined): number {
  // Source: intrinsic-functions (States.MathAdd): a value that is no integer is rounded.
  if (typeof value !== 'number') throw failure('States.MathAdd takes numbers');
  return Math.round(value);
}

function given(value: Json | undefined, name: string): Json {
  if (value === undefined) throw failure(`${name} takes one argument`);
  return value;
}

/** Source: Developer Guide, concepts-error-handling (States.IntrinsicFailure). */
function failure(cause: string): StateError {
  return new StateError('States.IntrinsicFailure', cause);
}
