import { loadTemplate } from '../../simulator/cloudformation/load-template';

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

/** Reads a template, JSON or YAML, readable or compact, with the functions in their long form. */
export function readTemplate(text: string): Template {
  const template: object = loadTemplate(text, true);
  if (!('Resources' in template)) throw new Error('This is no CloudFormation template: it has no Resources');
  return template as Template;
}
