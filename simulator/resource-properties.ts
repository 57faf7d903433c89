import type { Json, JsonObject } from './aws';
import { AwsError } from './errors';
import { onlyFields } from './only-fields';

/** A string, or undefined when absent. @throws AwsError ValidationError for another type */
export function optionalText(properties: JsonObject, name: string): string | undefined {
  const value = properties[name];
  if (value === undefined || typeof value === 'string') return value;
  // CloudFormation makes strings of scalars where a type wants a string, which is all that its parameters give. [C]
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new AwsError('ValidationError', `${name} must be a string`);
}

/** @throws AwsError ValidationError when it is absent */
export function requiredText(properties: JsonObject, name: string): string {
  const value = optionalText(properties, name);
  if (value === undefined) throw new AwsError('ValidationError', `${name} is required`);
  return value;
}

/** An integer within the limits; CloudFormation takes it as a string as well. @throws AwsError ValidationError */
export function optionalInteger(properties: JsonObject, name: string, least: number, most: number): number | undefined {
  const value = properties[name];
  if (value === undefined) return undefined;
  const number = typeof value === 'string' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isInteger(number) || number < least || number > most) {
    throw new AwsError('ValidationError', `${name} must be an integer from ${least} to ${most}, not ${JSON.stringify(value)}`);
  }
  return number;
}

/** @throws AwsError ValidationError */
export function optionalBoolean(properties: JsonObject, name: string): boolean | undefined {
  const value = properties[name];
  if (value === undefined || typeof value === 'boolean') return value;
  if (value === 'true' || value === 'false') return value === 'true';
  throw new AwsError('ValidationError', `${name} must be true or false`);
}

/** An object with no other fields than these; absent counts as empty. @throws NotModelled for another field; AwsError ValidationError */
export function objectOf(value: Json | undefined, name: string, fields?: readonly string[]): JsonObject {
  if (value === undefined) return {};
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new AwsError('ValidationError', `${name} must be an object`);
  if (fields) onlyFields(value, fields, name);
  return value;
}
