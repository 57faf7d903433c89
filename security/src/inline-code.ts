import { resolveText } from './resolve-text';
import type { Resource, Template } from './template';

/** The code that a template carries, by the logical id of its resource. */
export interface InlineCode {
  /** Each function's index.js. */
  functions: Record<string, string>;
  /** Each state machine's definition as JSON, with its substitutions resolved. */
  machines: Record<string, string>;
  /** Each SSM document's shell script. */
  scripts: Record<string, string>;
}

/** What a template carries inline, in any of its forms. @throws Error for a resource whose code is not understood */
export function inlineCode(template: Template): InlineCode {
  const from = (type: string, read: (properties: Record<string, unknown>) => string): Record<string, string> =>
    Object.fromEntries(
      Object.entries(template.Resources)
        .filter(([, resource]) => resource.Type === type)
        .map(([id, resource]) => [id, readOf(id, resource, read)]),
    );
  return {
    functions: from('AWS::Lambda::Function', ({ Code }) => resolveText((Code as { ZipFile?: unknown }).ZipFile, template)),
    machines: from('AWS::StepFunctions::StateMachine', (properties) => definition(properties, template)),
    scripts: from('AWS::SSM::Document', script),
  };
}

function readOf(id: string, { Properties = {} }: Resource, read: (properties: Record<string, unknown>) => string): string {
  try {
    return read(Properties);
  } catch (cause) {
    throw new Error(`The code of ${id} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

function definition({ Definition, DefinitionString, DefinitionSubstitutions }: Record<string, unknown>, template: Template): string {
  const text = Definition === undefined ? resolveText(DefinitionString, template) : JSON.stringify(Definition);
  const values = (DefinitionSubstitutions ?? {}) as Record<string, unknown>;
  return text.replace(/\$\{(\w+)\}/g, (whole, name: string) => (name in values ? resolveText(values[name], template) : whole));
}

function script({ Content }: Record<string, unknown>): string {
  const { mainSteps } = Content as { mainSteps: { inputs: { runCommand: string[] } }[] };
  return mainSteps.flatMap(({ inputs }) => inputs.runCommand).join('\n');
}
