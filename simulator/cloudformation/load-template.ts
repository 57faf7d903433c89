import { CORE_SCHEMA, EVENT_ID, defineMappingTag, defineScalarTag, defineSequenceTag, load, parseEvents, type TagDefinition } from 'js-yaml';
import type { Json, JsonObject } from '../aws';
import { AwsError, NotModelled } from '../errors';

/** The short forms that stand for a function under the given long name. Source: CloudFormation User Guide, intrinsic-function-reference. */
const shortForms: Readonly<Record<string, string>> = {
  Ref: 'Ref',
  Condition: 'Condition',
  ...Object.fromEntries(
    ['Sub', 'GetAtt', 'If', 'Equals', 'Not', 'And', 'Or', 'Join', 'Select', 'Split', 'FindInMap', 'Base64'].map((name) => [name, `Fn::${name}`]),
  ),
};

const schema = CORE_SCHEMA.withTags(Object.entries(shortForms).flatMap(([short, long]) => tagsOf(`!${short}`, long)));

/**
 * Reads a template's text, YAML with short forms or JSON, into plain data with long forms only.
 * @param fromS3 the body comes from a bucket (console, TemplateURL), which allows 1 MB instead of 51,200 bytes.
 *   Source: CloudFormation quotas
 * @throws AwsError ValidationError as CloudFormation words it; NotModelled for an unknown short form
 */
export function loadTemplate(body: string, fromS3: boolean): JsonObject {
  const bytes = Buffer.byteLength(body);
  if (!fromS3 && bytes > 51_200)
    throw invalid(`1 validation error detected: Value at 'templateBody' failed to satisfy constraint: Member must have length less than or equal to 51200`);
  if (bytes > 1_000_000) throw invalid('Template may not exceed 1000000 bytes in size.');
  const template = parseText(body);
  refuseNulls(template, '');
  if (typeof template !== 'object' || template === null || Array.isArray(template)) throw invalid('Template format error: not a map');
  return template;
}

function parseText(body: string): Json {
  try {
    if (parseEvents(body, {}).some(({ type }) => type === EVENT_ID.ALIAS)) throw invalid('Template error: YAML aliases are not allowed in CloudFormation templates');
    // What the core schema and the tags above build is plain data; the narrowing stands at this boundary.
    return load(body, { schema }) as Json;
  } catch (error) {
    if (error instanceof AwsError) throw error;
    const message = error instanceof Error ? error.message : String(error);
    const tag = /unknown \w+ tag !?<?!?(!\w+)/.exec(message)?.[1];
    if (tag !== undefined) throw new NotModelled(`the short form ${tag}`);
    throw invalid(`Template format error: ${body.trimStart().startsWith('{') ? 'JSON' : 'YAML'} not well-formed. (${message})`);
  }
}

function tagsOf(tag: string, long: string): TagDefinition[] {
  const never = (): boolean => false;
  return [
    defineScalarTag(tag, { resolve: (source) => ({ [long]: source }), identify: never }),
    defineSequenceTag<unknown[], Record<string, unknown>>(tag, {
      create: () => [],
      addItem(items, item) {
        items.push(item);
      },
      finalize: (items) => ({ [long]: items }),
      identify: never,
    }),
    defineMappingTag<Map<string, unknown>, Record<string, unknown>>(tag, {
      create: () => new Map(),
      addPair(pairs, key, value) {
        pairs.set(String(key), value);
        return '';
      },
      has: (pairs, key) => pairs.has(String(key)),
      keys: (result) => Object.keys(result),
      get: (result, key) => result[String(key)],
      finalize: (pairs) => ({ [long]: Object.fromEntries(pairs) }),
      identify: never,
    }),
  ];
}

/** CloudFormation takes no null anywhere in a template; cfn-lint knows it as E0000. */
function refuseNulls(json: Json, path: string): void {
  if (json === null) throw invalid(`[${path}] 'null' values are not allowed in templates`);
  if (typeof json !== 'object') return;
  for (const [key, value] of Object.entries(json)) refuseNulls(value, `${path}/${key}`);
}

function invalid(message: string): AwsError {
  return new AwsError('ValidationError', message);
}
