import type { Json, JsonObject } from '../aws';
import { AwsError, NotModelled } from '../errors';
import { isObject } from '../states/paths';

/**
 * Whether an event matches a pattern. Source: EventBridge User Guide, eb-event-patterns.
 * Every field of the pattern must match; a list matches if one of its entries does.
 */
export function matchesPattern(pattern: JsonObject, event: Json | undefined): boolean {
  return Object.entries(pattern).every(([field, wanted]) => {
    const value = isObject(event) ? event[field] : undefined;
    return Array.isArray(wanted) ? wanted.some((filter) => matchesFilter(filter, value)) : isObject(wanted) && matchesPattern(wanted, value);
  });
}

/**
 * Checks a pattern as PutRule does.
 * @throws AwsError InvalidEventPatternException; NotModelled for a filter that is not modelled
 */
export function checkPattern(pattern: JsonObject): void {
  for (const [field, wanted] of Object.entries(pattern)) {
    if (isObject(wanted)) {
      if (field.startsWith('$')) throw new NotModelled(`event pattern ${field}`);
      checkPattern(wanted);
    } else if (Array.isArray(wanted) && wanted.length > 0) wanted.forEach(checkFilter);
    else throw new AwsError('InvalidEventPatternException', `Event pattern is not valid. Reason: "${field}" must be an object or an array`);
  }
}

function checkFilter(filter: Json): void {
  if (Array.isArray(filter)) throw new NotModelled('a list in a list of an event pattern');
  if (!isObject(filter)) return;
  const [kind, operand] = Object.entries(filter)[0] ?? [];
  const known = (kind === 'exists' && typeof operand === 'boolean') || (kind === 'prefix' && typeof operand === 'string') || (kind === 'anything-but' && !isObject(operand));
  if (!known || Object.keys(filter).length !== 1) throw new NotModelled(`event filter ${JSON.stringify(filter)}`);
}

function matchesFilter(filter: Json, value: Json | undefined): boolean {
  // A list in the event matches if one of its entries does (eb-event-patterns-arrays).
  if (Array.isArray(value)) return value.some((entry) => matchesFilter(filter, entry));
  if (!isObject(filter)) return value === filter;
  if (filter.exists !== undefined) return (value !== undefined && !isObject(value)) === filter.exists;
  if (typeof filter.prefix === 'string') return typeof value === 'string' && value.startsWith(filter.prefix);
  const refused = filter['anything-but'] ?? null;
  return value !== undefined && !(Array.isArray(refused) ? refused : [refused]).includes(value);
}
