import type { Json, JsonObject } from '../aws';
import { AwsError, NotModelled } from '../errors';
import { onlyFields } from '../only-fields';

/** A parameter of a Command document. Only String is modelled. */
export interface DocumentParameter {
  default?: string;
  allowedPattern?: string;
  allowedValues?: string[];
  minChars?: number;
  maxChars?: number;
}

/** A Command document of schema 2.2 with one aws:runShellScript step, checked. Plain data. */
export interface CommandDocument {
  parameters: Record<string, DocumentParameter>;
  step: { name: string; runCommand: string[]; timeoutSeconds: number; onlyOnLinux: boolean };
}

/** SSM User Guide, documents: a document has at most 64 KB. */
const maximumBytes = 64 * 1024;
/** SSM User Guide, documents-command-ssm-plugin-reference: the default of timeoutSeconds. */
const defaultTimeoutSeconds = 3600;

/**
 * Reads the content of a Command document (SSM User Guide, documents-syntax-data-elements-parameters).
 * @throws AwsError MaxDocumentSizeExceeded, InvalidDocumentContent; NotModelled for any element beyond those named here
 */
export function parseCommandDocument(content: JsonObject): CommandDocument {
  if (Buffer.byteLength(JSON.stringify(content)) > maximumBytes) throw new AwsError('MaxDocumentSizeExceeded', 'The size limit of a document is 64 KB');
  onlyFields(content, ['schemaVersion', 'description', 'parameters', 'mainSteps'], 'a document');
  if (content['schemaVersion'] !== '2.2') throw new NotModelled(`schemaVersion ${String(content['schemaVersion'])} of a document`);
  const parameters = Object.fromEntries(Object.entries(object(content['parameters'] ?? {}, 'parameters')).map(([name, value]) => [name, parseParameter(name, object(value, name))]));
  const steps = content['mainSteps'];
  if (!Array.isArray(steps) || steps.length === 0) throw invalidContent('mainSteps must be a list of steps');
  if (steps.length > 1) throw new NotModelled('a document with more than one step');
  return { parameters, step: parseStep(object(steps[0] ?? null, 'mainSteps[0]'), parameters) };
}

/**
 * Checks the parameters of SendCommand and fills in defaults.
 * @throws AwsError InvalidParameters
 */
export function resolveParameters(document: CommandDocument, given: Record<string, string[]>): Record<string, string> {
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(document.parameters, name));
  if (unknown !== undefined) throw invalidParameters(`${unknown} is not a parameter of the document`);
  return Object.fromEntries(
    Object.entries(document.parameters).map(([name, parameter]) => {
      const values = given[name];
      if (values && values.length !== 1) throw invalidParameters(`${name} takes one value`);
      const value = values?.[0] ?? parameter.default;
      if (value === undefined) throw invalidParameters(`${name} is missing`);
      checkValue(name, parameter, value);
      return [name, value];
    }),
  );
}

/** The script's lines with `{{ Parameter }}` replaced by the bare text: nothing is quoted (documents-syntax-data-elements-parameters). */
export function renderScript(step: CommandDocument['step'], values: Record<string, string>): string {
  return step.runCommand.join('\n').replaceAll(placeholder, (whole, name: string) => values[name] ?? whole);
}

const placeholder = /\{\{\s*(\w+)\s*\}\}/g;

function parseParameter(name: string, parameter: JsonObject): DocumentParameter {
  onlyFields(parameter, ['type', 'description', 'default', 'allowedPattern', 'allowedValues', 'minChars', 'maxChars'], `the document parameter ${name}`);
  if (parameter['type'] !== 'String') throw new NotModelled(`type ${String(parameter['type'])} of document parameter ${name}`);
  const { default: preset, allowedPattern, allowedValues, minChars, maxChars } = parameter;
  // The agent checks the pattern again with Go's RE2, which knows no look-around and no repeat over 1000 (amazon-ssm-agent; RE2, syntax).
  if (typeof allowedPattern === 'string' && (/\(\?[=!<]/.test(allowedPattern) || repeatsIn(allowedPattern).some((repeat) => repeat > 1000)))
    throw invalidContent(`allowedPattern of ${name} is not one that the agent accepts`);
  return {
    ...(typeof preset === 'string' && { default: preset }),
    ...(typeof allowedPattern === 'string' && { allowedPattern }),
    ...(Array.isArray(allowedValues) && { allowedValues: allowedValues.map(String) }),
    ...(minChars !== undefined && { minChars: Number(minChars) }),
    ...(maxChars !== undefined && { maxChars: Number(maxChars) }),
  };
}

/** The numbers in `{n}`, `{n,}` and `{n,m}`. */
function repeatsIn(pattern: string): number[] {
  return [...pattern.matchAll(/\{(\d+)(?:,(\d*))?\}/g)].flatMap(([, least, most]) => [Number(least), Number(most ?? 0)]);
}

function parseStep(step: JsonObject, parameters: Record<string, DocumentParameter>): CommandDocument['step'] {
  onlyFields(step, ['action', 'name', 'precondition', 'inputs'], 'a step');
  if (step['action'] !== 'aws:runShellScript') throw new NotModelled(`action ${String(step['action'])}`);
  if (step['precondition'] !== undefined && JSON.stringify(step['precondition']) !== '{"StringEquals":["platformType","Linux"]}') throw new NotModelled(`precondition ${JSON.stringify(step['precondition'])}`);
  const inputs = object(step['inputs'] ?? null, 'inputs');
  onlyFields(inputs, ['timeoutSeconds', 'runCommand'], 'the inputs of a step');
  const { runCommand, timeoutSeconds = defaultTimeoutSeconds } = inputs;
  if (!Array.isArray(runCommand) || !runCommand.every((line) => typeof line === 'string')) throw invalidContent('runCommand must be a list of strings');
  const seconds = Number(timeoutSeconds);
  if (!Number.isInteger(seconds) || seconds < 1) throw new NotModelled(`timeoutSeconds ${String(timeoutSeconds)}`);
  for (const [, name = ''] of runCommand.join('\n').matchAll(/\{\{\s*([^\s}]+)\s*\}\}/g)) {
    if (name.includes(':')) throw new NotModelled(`reference {{${name}}} in a document`);
    if (!Object.hasOwn(parameters, name)) throw invalidContent(`Parameter ${name} is used but not defined`);
  }
  return { name: String(step['name']), runCommand, timeoutSeconds: seconds, onlyOnLinux: step['precondition'] !== undefined };
}

function checkValue(name: string, { allowedPattern, allowedValues, minChars = 0, maxChars = Infinity }: DocumentParameter, value: string): void {
  // The pattern is searched for, not matched as a whole: without ^ and $ it holds nothing back. [U]
  if (allowedPattern !== undefined && !new RegExp(allowedPattern).test(value)) throw invalidParameters(`${name} does not match its allowedPattern`);
  if (allowedValues && !allowedValues.includes(value)) throw invalidParameters(`${name} is not one of its allowedValues`);
  if (value.length < minChars || value.length > maxChars) throw invalidParameters(`${name} is too short or too long`);
}

function object(value: Json, what: string): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalidContent(`${what} must be an object`);
  return value;
}

function invalidContent(message: string): AwsError {
  return new AwsError('InvalidDocumentContent', message);
}

function invalidParameters(message: string): AwsError {
  return new AwsError('InvalidParameters', message);
}
