import { COLLECTION_STYLE, CORE_SCHEMA, defineScalarTag, defineSequenceTag, dump, timestampTag, type Document, type Node } from 'js-yaml';

/** A function of CloudFormation in its short form, e.g. `!Ref pSystem`. */
class ShortForm {
  constructor(
    readonly tag: string,
    readonly payload: unknown,
  ) {}
}

const SHORT: Record<string, string> = {
  Ref: '!Ref',
  ...Object.fromEntries(['Sub', 'GetAtt', 'Select', 'Split', 'If', 'Equals'].map((name) => [`Fn::${name}`, `!${name}`])),
};

const schema = CORE_SCHEMA.withTags([
  // YAML 1.1 reads 2010-09-09 as a date, and so do tools that scan templates: with this tag it is printed as the text that it is.
  timestampTag,
  ...Object.values(SHORT).flatMap((tag) => [
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
]);

/** Prints a template as YAML with short forms, texts of several lines as blocks. */
export function printYaml(template: object, { compact }: { compact: boolean }): string {
  return dump(shorten(template), {
    schema,
    lineWidth: -1,
    noRefs: true,
    ...(compact && { indent: 1, seqNoIndent: true, flowSkipCommaSpace: true, transform: flowWhereShort }),
  });
}

/** How deep collections stay in block style, for whoever looks for a section or a resource. */
const BLOCK_LEVELS = 2;
/** A scalar that is longer than this, or has several lines, stays a block: in flow style its quotes would have to be escaped. */
const LONG = 300;

/** Flow style spares the indentation of every collection that holds no long text. */
function flowWhereShort(documents: Document[]): void {
  const visitNode = (node: Node, depth: number): boolean => {
    if (node.kind === 'scalar') return node.value.length <= LONG && !node.value.includes('\n');
    if (node.kind === 'alias') return false;
    const inner = node.kind === 'mapping' ? node.items.map(({ value }) => value) : node.items;
    const short = inner.map((child) => visitNode(child, depth + 1)).every(Boolean);
    if (short && depth >= BLOCK_LEVELS) node.style = COLLECTION_STYLE.FLOW;
    return short;
  };
  for (const { contents } of documents) if (contents) visitNode(contents, 0);
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
