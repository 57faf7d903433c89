import type { Template } from './template';

const PSEUDO: Record<string, string> = { 'AWS::Partition': 'aws', 'AWS::Region': 'us-east-1', 'AWS::AccountId': '111122223333' };

/** The ARNs by which state machines know what they call. */
const ARNS: Record<string, string> = {
  'AWS::Lambda::Function': 'arn:aws:lambda:us-east-1:111122223333:function:',
  'AWS::StepFunctions::StateMachine': 'arn:aws:states:us-east-1:111122223333:stateMachine:',
};

/**
 * A value of a template as text, with plausible values for what only a stack knows.
 * @throws Error for a function that no text of ours uses
 */
export function resolveText(value: unknown, template: Template): string {
  if (typeof value === 'string') return value;
  const [name = '', argument] = Object.entries(value ?? {})[0] ?? [];
  if (name === 'Ref') return nameOf(String(argument), template);
  if (name === 'Fn::GetAtt') return nameOf(String(Array.isArray(argument) ? argument[0] : argument).replace(/\..*/, ''), template);
  if (name === 'Fn::Sub') return substitute(argument, template);
  throw new Error(`This is no text that a scan can read: ${JSON.stringify(value)}`);
}

function nameOf(id: string, { Resources }: Template): string {
  const type = Resources[id]?.Type ?? '';
  return PSEUDO[id] ?? `${ARNS[type] ?? ''}${id}`;
}

function substitute(argument: unknown, template: Template): string {
  const [text, variables] = (Array.isArray(argument) ? argument : [argument, {}]) as [string, Record<string, unknown>];
  return text.replace(/\$\{([^!}.]+)[^}]*\}/g, (_whole, id: string) => (id in variables ? resolveText(variables[id], template) : nameOf(id, template)));
}
