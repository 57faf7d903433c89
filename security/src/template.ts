import { CORE_SCHEMA, defineScalarTag, defineSequenceTag, load, type TagDefinition } from 'js-yaml';

/** A resource of a template, as far as scans look at it. */
export interface Resource {
  Type: string;
  Properties?: Record<string, unknown>;
  Metadata?: { cfn_nag?: { rules_to_suppress?: { id: string; reason?: string }[] } };
}

/** A template, as far as scans look at it. */
export interface Template {
  Resources: Record<string, Resource>;
}

/** CloudFormation's functions that have a short form; Ref and Condition keep their names in the long form. */
const FUNCTIONS = ['Ref', 'Condition', 'Sub', 'GetAtt', 'If', 'Equals', 'Not', 'And', 'Or', 'Join', 'Select', 'Split', 'FindInMap', 'Base64'];
const schema = CORE_SCHEMA.withTags(FUNCTIONS.flatMap((name) => tagsOf(name)));

/** Reads a template, JSON or YAML, readable or compact, with the functions in their long form. */
export function readTemplate(text: string): Template {
  const template: unknown = load(text, { schema });
  const isTemplate = typeof template === 'object' && template !== null && 'Resources' in template;
  if (!isTemplate) throw new Error('This is no CloudFormation template: it has no Resources');
  return template as Template;
}

function tagsOf(name: string): TagDefinition[] {
  const long = name === 'Ref' || name === 'Condition' ? name : `Fn::${name}`;
  return [
    defineScalarTag(`!${name}`, { resolve: (source) => ({ [long]: source }), identify: () => false }),
    defineSequenceTag<unknown[], Record<string, unknown>>(`!${name}`, {
      create: () => [],
      addItem: (items, item) => {
        items.push(item);
      },
      finalize: (items) => ({ [long]: items }),
      identify: () => false,
    }),
  ];
}
