import type { Json, LocalAws } from '../aws';
import { AwsError } from '../errors';
import { isCustomResource } from './custom-resource';
import { evaluate, evaluateCondition, type Scope } from './intrinsics';
import type { Stack } from './stack';
import type { Template } from './template';

/**
 * What the functions of a template are resolved against in this stack, with these parameters.
 * References to resources see the stack's resources as they are when asked.
 */
export function stackScope(aws: LocalAws, stack: Stack, template: Template, parameters: Readonly<Record<string, string>>): Scope {
  const decided = new Map<string, boolean | 'deciding'>();
  const scope: Scope = {
    values: new Map<string, string | undefined>([
      ['AWS::AccountId', aws.account],
      ['AWS::NoValue', undefined],
      ['AWS::Partition', aws.partition],
      ['AWS::Region', aws.region],
      ['AWS::StackId', stack.id],
      ['AWS::StackName', stack.name],
      ['AWS::URLSuffix', aws.partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com'],
      ...Object.entries(parameters),
    ]),
    mappings: template.mappings,
    condition(name) {
      const known = decided.get(name);
      if (known === 'deciding') throw new AwsError('ValidationError', `Template error: Found circular condition dependency between [${name}]`);
      if (known !== undefined) return known;
      decided.set(name, 'deciding');
      const holds = evaluateCondition(template.conditions[name], scope);
      decided.set(name, holds);
      return holds;
    },
    resource: (logicalId, attribute) => referenceTo(stack, logicalId, attribute),
  };
  return scope;
}

function referenceTo(stack: Stack, logicalId: string, attribute: string | undefined): Json {
  const resource = stack.resources[logicalId];
  if (resource?.physicalId === undefined)
    throw new AwsError('ValidationError', `Template format error: Unresolved dependencies [${logicalId}]. Cannot reference resources in the Conditions block of the template`);
  if (attribute === undefined) return resource.ref ?? resource.physicalId;
  const value = resource.attributes[attribute];
  if (value !== undefined) return value;
  if (isCustomResource(resource.type))
    throw new AwsError('ValidationError', `CustomResource attribute error: Vendor response doesn't contain ${attribute} attribute in object ${stack.id}|${logicalId}`);
  throw new Error(`The handler of ${resource.type} lists the attribute ${attribute} but did not give it for ${logicalId}`);
}

/** The outputs whose conditions hold. @throws AwsError ValidationError when a value cannot be resolved */
export function stackOutputs(template: Template, scope: Scope): Record<string, string> {
  const present = Object.entries(template.outputs).filter(([, { condition }]) => condition === undefined || scope.condition(condition));
  return Object.fromEntries(
    present.map(([name, { value }]) => {
      const output = evaluate(value, scope);
      if (output === undefined || typeof output === 'object')
        throw new AwsError('ValidationError', `Template format error: Output ${name} is malformed. The Value field of every Outputs member must evaluate to a String.`);
      return [name, String(output)];
    }),
  );
}
