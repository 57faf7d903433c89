import type { Json, JsonObject } from '../../simulator/aws';
import { isObject, textOf } from '../../simulator/states/paths';

/** The comparisons of a choice rule (Step Functions Developer Guide, state-choice), as a reader says them. */
const COMPARISONS: Record<string, string> = {
  StringEquals: 'is',
  BooleanEquals: 'is',
  NumericEquals: 'is',
  TimestampEquals: 'is',
  StringMatches: 'matches',
  NumericLessThan: 'is below',
  NumericLessThanEquals: 'is at most',
  NumericGreaterThan: 'is above',
  NumericGreaterThanEquals: 'is at least',
};

/** Tells a choice rule in words: `Status is Pending or InProgress, and Count is below 95`. */
export function ruleInWords(rule: JsonObject): string {
  if (rule.Or !== undefined) return either(parts(rule.Or));
  if (rule.And !== undefined) return parts(rule.And).map(inConjunction).join(' and ');
  if (isObject(rule.Not)) return comparison(rule.Not) === undefined ? `not (${ruleInWords(rule.Not)})` : compare(rule.Not, ' not');
  return compare(rule, '');
}

/** Comparisons of one variable become one list: `Status is A, B or C`. */
function either(rules: JsonObject[]): string {
  const [first] = rules;
  const same = first !== undefined && rules.every((rule) => rule.Variable === first.Variable && rule.StringEquals !== undefined);
  if (!same) return rules.map(ruleInWords).join(', or ');
  return `${nameOf(first)} is ${list(rules.map(({ StringEquals }) => said(StringEquals)))}`;
}

function inConjunction(rule: JsonObject): string {
  const words = ruleInWords(rule);
  return words.includes(', or ') ? `(${words})` : words;
}

function compare(rule: JsonObject, not: string): string {
  const operator = comparison(rule);
  if (operator === undefined) throw new Error(`This choice rule cannot be told in words: ${JSON.stringify(rule)}`);
  const value = rule[operator];
  const name = nameOf(rule);
  if (operator === 'IsPresent') return `${name} is${(value === false) !== (not !== '') ? ' not' : ''} there`;
  const path = operator.endsWith('Path');
  const verb = COMPARISONS[path ? operator.slice(0, -'Path'.length) : operator] ?? operator;
  return `${name} ${verb}${not} ${path ? lastPart(textOf(value ?? '')) : said(value)}`;
}

function comparison(rule: JsonObject): string | undefined {
  return rule.Variable === undefined ? undefined : Object.keys(rule).find((key) => !['Variable', 'Next', 'Comment'].includes(key));
}

function nameOf(rule: JsonObject): string {
  return lastPart(textOf(rule.Variable ?? ''));
}

/** `Status` for `$.Invocation.Status`. */
export function lastPart(path: string): string {
  return path.split('.').at(-1) ?? path;
}

function list(values: string[]): string {
  return values.length < 2 ? values.join('') : `${values.slice(0, -1).join(', ')} or ${values.at(-1) ?? ''}`;
}

function said(value: Json | undefined): string {
  return value === '' ? 'empty' : textOf(value ?? 'null');
}

function parts(rules: Json): JsonObject[] {
  return Array.isArray(rules) ? rules.filter(isObject) : [];
}
