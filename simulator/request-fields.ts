import type { JsonObject } from './aws';
import { AwsError } from './errors';

/** What an API model says of a text field. */
export interface TextLimits {
  min?: number;
  max?: number;
  pattern?: RegExp;
}

/**
 * Reads an optional text field of a request, checked against the limits of the API model.
 * @throws AwsError ValidationException, as AWS answers a request that breaks its model (Common Error Types)
 */
export function optionalText(input: JsonObject, field: string, limits: TextLimits = {}): string | undefined {
  const value = input[field];
  if (value === undefined) return undefined;
  const { min = 1, max = Infinity, pattern } = limits;
  if (typeof value !== 'string' || value.length < min || value.length > max || (pattern && !pattern.test(value)))
    throw new AwsError('ValidationException', `1 validation error detected: Value at '${field}' failed to satisfy constraint`);
  return value;
}

/** As `optionalText`, for a field that must be there. @throws AwsError ValidationException */
export function requiredText(input: JsonObject, field: string, limits: TextLimits = {}): string {
  const value = optionalText(input, field, limits);
  if (value === undefined) throw new AwsError('ValidationException', `1 validation error detected: Value null at '${field}' failed to satisfy constraint: Member must not be null`);
  return value;
}

/** Reads an optional whole number within inclusive limits. @throws AwsError ValidationException */
export function optionalNumber(input: JsonObject, field: string, min: number, max: number): number | undefined {
  const value = input[field];
  if (value === undefined) return undefined;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max)
    throw new AwsError('ValidationException', `1 validation error detected: Value at '${field}' failed to satisfy constraint: must be between ${min} and ${max}`);
  return value;
}

/** Reads a list of texts that stands in a request. @throws AwsError ValidationException */
export function textList(value: JsonObject[string] | undefined, field: string): string[] {
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string'))
    throw new AwsError('ValidationException', `1 validation error detected: Value at '${field}' failed to satisfy constraint: must be a list of strings`);
  return value;
}
