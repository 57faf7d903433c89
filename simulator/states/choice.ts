import type { Json, JsonObject } from '../aws';
import { NotModelled } from '../errors';
import { onlyFields } from '../only-fields';
import { findPath, isObject, parsePath, type Scope, textOf } from './paths';
import { runtimeError } from './state-error';

type Comparison = (value: Json, expected: Json) => boolean;

const numbers =
  (holds: (value: number, expected: number) => boolean): Comparison =>
  (value, expected) =>
    typeof value === 'number' && typeof expected === 'number' && holds(value, expected);

/** The comparison operators that are modelled. Source: Step Functions Developer Guide, state-choice. */
const comparisons: Record<string, Comparison> = {
  StringEquals: (value, expected) => typeof value === 'string' && value === expected,
  StringMatches: (value, expected) => typeof value === 'string' && typeof expected === 'string' && wildcard(expected).test(value),
  BooleanEquals: (value, expected) => typeof value === 'boolean' && value === expected,
  NumericEquals: numbers((value, expected) => value === expected),
  NumericLessThan: numbers((value, expected) => value < expected),
  NumericLessThanEquals: numbers((value, expected) => value <= expected),
  NumericGreaterThan: numbers((value, expected) => value > expected),
  NumericGreaterThanEquals: numbers((value, expected) => value >= expected),
  IsNull: (value, expected) => (value === null) === expected,
  IsString: (value, expected) => (typeof value === 'string') === expected,
  IsBoolean: (value, expected) => (typeof value === 'boolean') === expected,
};

/** Those that also take the expected value from a path (`StringEqualsPath`). */
const withPath = ['StringEquals', 'BooleanEquals', 'NumericEquals', 'NumericLessThan', 'NumericLessThanEquals', 'NumericGreaterThan', 'NumericGreaterThanEquals'];

/**
 * Whether a choice rule holds. Source: Developer Guide, state-choice; Amazon States Language specification, Choice State.
 * @throws StateError States.Runtime when a path does not resolve (IsPresent apart), which nothing catches
 */
export function ruleHolds(rule: JsonObject, scope: Scope): boolean {
  // And and Or stop at the first answer, so that IsPresent guards what stands after it.
  if (rule.And !== undefined) return rules(rule.And).every((part) => ruleHolds(part, scope));
  if (rule.Or !== undefined) return rules(rule.Or).some((part) => ruleHolds(part, scope));
  if (rule.Not !== undefined) return !rules([rule.Not]).some((part) => ruleHolds(part, scope));
  const operator = operatorOf(rule);
  const expected = rule[operator] ?? null;
  if (operator === 'IsPresent') return (findPath(textOf(rule.Variable), scope) !== undefined) === expected;
  const value = existing(textOf(rule.Variable), scope);
  const compare = comparisons[operator];
  if (compare) return compare(value, expected);
  return comparisons[operator.slice(0, -'Path'.length)]?.(value, existing(textOf(expected), scope)) ?? false;
}

/**
 * Refuses a rule that is not modelled.
 * @throws NotModelled for an operator or path that is not modelled
 */
export function checkRule(rule: JsonObject): void {
  const joined = rule.And ?? rule.Or ?? (rule.Not === undefined ? undefined : [rule.Not]);
  if (joined !== undefined) {
    onlyFields(rule, ['And', 'Or', 'Not', 'Next', 'Comment'], 'a choice rule');
    for (const part of rules(joined)) checkRule(part);
    return;
  }
  const operator = operatorOf(rule);
  parsePath(textOf(rule.Variable));
  if (withPath.includes(operator.replace(/Path$/, '')) && operator.endsWith('Path')) parsePath(textOf(rule[operator]));
  else if (operator !== 'IsPresent' && !comparisons[operator]) throw new NotModelled(`choice operator ${operator}`);
}

/** The rules under And, Or or Not. */
export function rules(parts: Json): JsonObject[] {
  return Array.isArray(parts) ? parts.filter(isObject) : [];
}

/** The one field of a rule that compares. */
export function operatorOf(rule: JsonObject): string {
  const [operator, another] = Object.keys(rule).filter((field) => !['Variable', 'Next', 'Comment'].includes(field));
  if (operator === undefined || another !== undefined) throw new NotModelled(`choice rule ${JSON.stringify(rule)}`);
  return operator;
}

function existing(path: string, scope: Scope): Json {
  const value = findPath(path, scope);
  if (value === undefined) throw runtimeError(`Invalid path '${path}': The choice state's condition path references an invalid value.`);
  return value;
}

/** `*` stands for any text, `\*` for itself. Source: state-choice (StringMatches). */
function wildcard(pattern: string): RegExp {
  const parts = pattern.match(/\\.|[^\\]|\\$/gsu) ?? [];
  const source = parts.map((part) => (part === '*' ? '.*' : part.slice(-1).replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))).join('');
  return new RegExp(`^${source}$`, 's');
}
