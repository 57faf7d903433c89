import { CORE_SCHEMA, defineScalarTag, defineSequenceTag, dump } from 'js-yaml';

/** A function of CloudFormation in its short form, e.g. `!Ref pSystem`. */
class ShortForm {
  constructor(
    readonly tag: string,
    readonly payload: unknown,
  ) {}
}

const SHORT: Record<string, string> = {
  Ref: '!Ref',
  ...Object.fromEntries(['Sub', 'GetAtt', 'Select', 'Split'].map((name) => [`Fn::${name}`, `!${name}`])),
};

const schema = CORE_SCHEMA.withTags(
  Object.values(SHORT).flatMap((tag) => [
    defineScalarTag<ShortForm>(tag, {
      resolve: (source) => new ShortForm(tag, source),
      identify: (value) => value instanceof ShortForm && value.tag === tag && typeof value.payload === 'string',
      represent: (value: ShortForm) => String(value.payload),
    }),
    defineSequenceTag<unknown[], ShortForm>(tag, {
      create: () => [],
      addItem: (items, item) => {
        items.push(item);
      },
      finalize: (items) => new ShortForm(tag, items),
      identify: (value) => value instanceof ShortForm && value.tag === tag && Array.isArray(value.payload),
      represent: (value: ShortForm) => value.payload as unknown[],
    }),
  ]),
);

/** Prints a template as YAML with short forms, texts of several lines as blocks. */
export function printYaml(template: object, { compact }: { compact: boolean }): string {
  return dump(shorten(template), {
    schema,
    lineWidth: -1,
    noRefs: true,
    ...(compact && { indent: 1, seqNoIndent: true, flowSkipCommaSpace: true }),
  });
}

/** Puts every function into its short form; GetAtt of two plain names becomes `Resource.Attribute`. */
function shorten(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shorten);
  if (typeof value !== 'object' || value === null) return value;
  const [entry, ...others] = Object.entries(value);
  const tag = entry && others.length === 0 ? SHORT[entry[0]] : undefined;
  if (entry && tag) {
    const payload: unknown = entry[1];
    return new ShortForm(tag, tag === '!GetAtt' && Array.isArray(payload) ? payload.join('.') : shorten(payload));
  }
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shorten(inner)]));
}
