import type { JsonObject } from './aws';
import { NotModelled } from './errors';

/**
 * Refuses an object with a field beyond those that are modelled.
 * @param of what the object is, for the message
 * @throws NotModelled with the name of the first such field
 */
export function onlyFields(object: JsonObject, modelled: readonly string[], of: string): void {
  const unknown = Object.keys(object).find((field) => !modelled.includes(field));
  if (unknown !== undefined) throw new NotModelled(`field ${unknown} of ${of}`);
}
