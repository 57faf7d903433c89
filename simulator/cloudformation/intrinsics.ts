import type { Json, JsonObject } from '../aws';
import { AwsError, NotModelled } from '../errors';

/** What the intrinsic functions of a template are resolved against. */
export interface Scope {
  /** Parameters and pseudo parameters by name; `AWS::NoValue` is undefined. */
  values: ReadonlyMap<string, string | undefined>;
  mappings: JsonObject;
  condition: (name: string) => boolean;
  /** What Ref (no attribute) or Fn::GetAtt gives of a resource. @throws AwsError when it has no such attribute */
  resource: (logicalId: string, attribute?: string) => Json;
}

/** A Ref or Fn::GetAtt, also from inside Fn::Sub. */
export interface Reference {
  name: string;
  attribute?: string;
}

const functions = [
  'Ref',
  'Fn::Sub',
  'Fn::GetAtt',
  'Fn::If',
  'Fn::Join',
  'Fn::Select',
  'Fn::Split',
  'Fn::FindInMap',
  'Fn::Base64',
];
const conditionFunctions = ['Condition', 'Fn::Equals', 'Fn::Not', 'Fn::And', 'Fn::Or'];

/**
 * Resolves every intrinsic function; undefined stands for `AWS::NoValue`, which removes its property or item.
 * Source: CloudFormation User Guide, intrinsic-function-reference.
 * @throws AwsError ValidationError for a wrong use; NotModelled for an unknown function
 */
export function evaluate(json: Json, scope: Scope): Json | undefined {
  if (Array.isArray(json)) return json.flatMap((item) => optional(evaluate(item, scope)));
  if (typeof json === 'string' && json.includes('{{resolve:')) throw new NotModelled('dynamic references ({{resolve:…}})');
  if (typeof json !== 'object' || json === null) return json;
  const call = callOf(json);
  if (call) return evaluateCall(call, scope);
  const entries = Object.entries(json).flatMap(([key, value]) => optional(evaluate(value, scope)).map((result) => [key, result] as const));
  return Object.fromEntries(entries);
}

/** Resolves the body of a condition. @throws AwsError ValidationError; NotModelled for an unknown function */
export function evaluateCondition(json: Json | undefined, scope: Scope): boolean {
  const [[name, argument] = [], ...more] = Object.entries(objectOf(json, 'condition'));
  if (name === undefined || argument === undefined || more.length > 0) throw wrong('Conditions can only be boolean operations on parameters and other conditions');
  if (name === 'Condition') return scope.condition(textOf(argument, 'Condition'));
  const items = listOf(argument, name);
  switch (name) {
    case 'Fn::Equals': {
      if (items.length !== 2) throw wrong('Fn::Equals needs a list of two values');
      const [left, right] = items.map((item) => evaluate(item, scope));
      return String(left) === String(right);
    }
    case 'Fn::Not':
      if (items.length !== 1) throw wrong('Fn::Not needs a list of one condition');
      return !evaluateCondition(items[0], scope);
    case 'Fn::And':
      return operands(items, name).every((item) => evaluateCondition(item, scope));
    case 'Fn::Or':
      return operands(items, name).some((item) => evaluateCondition(item, scope));
    default:
      throw new NotModelled(`the intrinsic function ${name} in a condition`);
  }
}

/** Source: intrinsic-function-reference-conditions: "The minimum number of conditions is 2, and the maximum is 10". */
function operands(items: Json[], name: string): Json[] {
  if (items.length < 2 || items.length > 10) throw wrong(`${name} needs a list of 2 to 10 conditions`);
  return items;
}

/**
 * All references in a piece of template.
 * @param condition decides Fn::If, so that only the branch taken counts; without it both do
 */
export function references(json: Json, condition?: (name: string) => boolean): Reference[] {
  if (Array.isArray(json)) return json.flatMap((item) => references(item, condition));
  if (typeof json !== 'object' || json === null) return [];
  const call = callOf(json);
  if (!call) return Object.values(json).flatMap((value) => references(value, condition));
  const { name, argument } = call;
  switch (name) {
    case 'Ref':
      return [{ name: textOf(argument, name) }];
    case 'Fn::GetAtt':
      return [attributeOf(argument)];
    case 'Fn::Sub': {
      const { text, variables } = substitution(argument);
      const named = placeholders(text).filter((placeholder) => !(placeholder in variables));
      return [...named.map(referenceOf), ...references(variables, condition)];
    }
    case 'Fn::If': {
      const [test, yes, no] = branches(argument);
      if (!condition) return references([yes, no]);
      return references(condition(test) ? yes : no, condition);
    }
    default:
      return references(argument, condition);
  }
}

/** The conditions that Fn::If names in a piece of template. */
export function conditionsNamed(json: Json): string[] {
  if (Array.isArray(json)) return json.flatMap(conditionsNamed);
  if (typeof json !== 'object' || json === null) return [];
  const call = callOf(json);
  if (call?.name !== 'Fn::If') return Object.values(json).flatMap(conditionsNamed);
  const [test, yes, no] = branches(call.argument);
  return [test, ...conditionsNamed([yes, no])];
}

function callOf(json: JsonObject): { name: string; argument: Json } | undefined {
  const entries = Object.entries(json);
  const name = entries.map(([key]) => key).find((key) => key === 'Ref' || key.startsWith('Fn::'));
  if (name === undefined || (name === 'Ref' && entries.length > 1)) return undefined;
  if (entries.length > 1) throw wrong(`${name} must be the only key of its object`);
  if (conditionFunctions.includes(name)) throw wrong(`${name} is only allowed in the Conditions section`);
  if (!functions.includes(name)) throw new NotModelled(`the intrinsic function ${name}`);
  return { name, argument: json[name] ?? null };
}

function evaluateCall({ name, argument }: { name: string; argument: Json }, scope: Scope): Json | undefined {
  switch (name) {
    case 'Ref':
      return valueOf({ name: textOf(argument, name) }, scope);
    case 'Fn::GetAtt':
      return valueOf(attributeOf(argument), scope);
    case 'Fn::Sub':
      return substitute(argument, scope);
    case 'Fn::If': {
      const [test, yes, no] = branches(argument);
      return evaluate(scope.condition(test) ? yes : no, scope);
    }
    case 'Fn::Join': {
      const [separator, items] = listOf(argument, name);
      return listOf(evaluate(items ?? null, scope), name).map((item) => scalarOf(item, name)).join(textOf(separator, name));
    }
    case 'Fn::Select': {
      const [index, items] = listOf(evaluate(argument, scope), name);
      const item = listOf(items, name)[Number(index)];
      if (item === undefined) throw wrong(`Fn::Select cannot select nonexistent value at index ${String(index)}`);
      return item;
    }
    case 'Fn::Split': {
      const [separator, text] = listOf(evaluate(argument, scope), name);
      return textOf(text, name).split(textOf(separator, name));
    }
    case 'Fn::FindInMap': {
      const keys = listOf(evaluate(argument, scope), name).map((key) => textOf(key, name));
      let found: Json | undefined = scope.mappings;
      for (const key of keys) found = objectOf(found, `mapping ${keys.join('.')}`)[key];
      if (found === undefined || keys.length !== 3) throw wrong(`Unable to get mapping for ${keys.join('::')}`);
      return found;
    }
    case 'Fn::Base64':
      return Buffer.from(textOf(evaluate(argument, scope), name)).toString('base64');
    default:
      throw new NotModelled(`the intrinsic function ${name}`);
  }
}

function substitute(argument: Json, scope: Scope): string {
  const { text, variables } = substitution(argument);
  const own = Object.fromEntries(Object.entries(variables).map(([key, value]) => [key, scalarOf(evaluate(value, scope), `Fn::Sub variable ${key}`)]));
  // `${!Literal}` stands for the text `${Literal}`. Source: intrinsic-function-reference-sub.
  return text.replaceAll(/\$\{(!?)([^{}]*)\}/g, (_whole, literal: string, name: string) => {
    if (literal) return `\${${name}}`;
    return own[name] ?? scalarOf(valueOf(referenceOf(name), scope), `Fn::Sub of ${name}`);
  });
}

function placeholders(text: string): string[] {
  return [...text.matchAll(/\$\{([^!{}][^{}]*)\}/g)].flatMap(([, name]) => name ?? []);
}

function substitution(argument: Json): { text: string; variables: JsonObject } {
  if (typeof argument === 'string') return { text: argument, variables: {} };
  const [text, variables, ...more] = listOf(argument, 'Fn::Sub');
  if (more.length > 0) throw wrong('Fn::Sub needs a string, or a list of a string and a map');
  return { text: textOf(text, 'Fn::Sub'), variables: objectOf(variables, 'Fn::Sub') };
}

function branches(argument: Json): [string, Json, Json] {
  const [test, yes, no, ...more] = listOf(argument, 'Fn::If');
  if (yes === undefined || no === undefined || more.length > 0) throw wrong('Fn::If requires a list argument with three elements');
  return [textOf(test, 'Fn::If'), yes, no];
}

function referenceOf(text: string): Reference {
  const [name = '', ...attribute] = text.split('.');
  return attribute.length > 0 ? { name, attribute: attribute.join('.') } : { name };
}

function attributeOf(argument: Json): Reference {
  const reference = referenceOf(Array.isArray(argument) ? argument.map((part) => textOf(part, 'Fn::GetAtt')).join('.') : textOf(argument, 'Fn::GetAtt'));
  if (reference.attribute === undefined) throw wrong('Fn::GetAtt object requires two non-empty parameters, the resource name and the resource attribute');
  return reference;
}

function valueOf({ name, attribute }: Reference, scope: Scope): Json | undefined {
  if (attribute === undefined && scope.values.has(name)) return scope.values.get(name);
  return scope.resource(name, attribute);
}

function optional(json: Json | undefined): Json[] {
  return json === undefined ? [] : [json];
}

function objectOf(json: Json | undefined, where: string): JsonObject {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw wrong(`${where} must be an object`);
  return json;
}

function listOf(json: Json | undefined, where: string): Json[] {
  if (!Array.isArray(json)) throw wrong(`${where} must be a list`);
  return json;
}

function textOf(json: Json | undefined, where: string): string {
  if (typeof json !== 'string') throw wrong(`${where} must be a string`);
  return json;
}

function scalarOf(json: Json | undefined, where: string): string {
  if (typeof json !== 'string' && typeof json !== 'number' && typeof json !== 'boolean') throw wrong(`${where} must be a string`);
  return String(json);
}

function wrong(message: string): AwsError {
  return new AwsError('ValidationError', `Template error: ${message}`);
}
