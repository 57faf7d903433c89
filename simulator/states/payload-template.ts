import type { Json } from '../aws';
import { evaluate, parseExpression, type Expression } from './intrinsics';
import { isObject, type Scope, textOf } from './paths';

/**
 * Fills Parameters or ResultSelector: a field whose name ends in `.$` takes the value of its path or function.
 * Source: Step Functions Developer Guide, input-output-inputpath-params.
 */
export function fillTemplate(template: Json, scope: Scope): Json {
  if (Array.isArray(template)) return template.map((item) => fillTemplate(item, scope));
  if (!isObject(template)) return template;
  return Object.fromEntries(
    Object.entries(template).map(([name, value]): [string, Json] =>
      name.endsWith('.$') ? [name.slice(0, -2), evaluate(parseExpression(textOf(value)), scope)] : [name, fillTemplate(value, scope)],
    ),
  );
}

/** Every expression in a payload template; parsing them refuses what is not modelled. */
export function expressionsIn(template: Json): Expression[] {
  if (Array.isArray(template)) return template.flatMap(expressionsIn);
  if (!isObject(template)) return [];
  return Object.entries(template).flatMap(([name, value]) => (name.endsWith('.$') ? [parseExpression(textOf(value))] : expressionsIn(value)));
}
