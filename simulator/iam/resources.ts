import type { Json, JsonObject, LocalAws } from '../aws';
import { generatedName } from '../cloudformation/generated-name';
import type { MadeResource, ResourceContext, ResourceHandler } from '../cloudformation/resource-handler';
import { AwsError } from '../errors';
import type { Role } from './iam';

/** The resource types of IAM. Source: CloudFormation Template Reference, AWS::IAM. */
export function iamResources(aws: LocalAws): ResourceHandler[] {
  return [roleHandler(aws), managedPolicyHandler(aws), policyHandler(aws)];
}

function roleHandler(aws: LocalAws): ResourceHandler {
  const put = (role: Role, properties: JsonObject): MadeResource => {
    const policies = objects(properties.Policies, 'Policies').map(({ PolicyName, PolicyDocument }) => ({
      name: text(PolicyName, 'PolicyName'),
      document: PolicyDocument,
    }));
    aws.iam.putInlinePolicies(role.name, role.name, policies);
    aws.iam.attachManagedPolicies(role.name, role.name, texts(properties.ManagedPolicyArns, 'ManagedPolicyArns'));
    return { id: role.name, attributes: { Arn: role.arn, RoleId: role.id } };
  };
  return {
    type: 'AWS::IAM::Role',
    properties: ['RoleName', 'AssumeRolePolicyDocument', 'Policies', 'ManagedPolicyArns', 'Description'],
    replacedBy: ['RoleName'],
    attributes: ['Arn', 'RoleId'],
    create(properties, context) {
      const name = optionalText(properties.RoleName, 'RoleName') ?? generatedName(aws, context, 64);
      const role = aws.iam.createRole(name, properties.AssumeRolePolicyDocument);
      try {
        return put(role, properties);
      } catch (error) {
        // CloudFormation leaves no role behind whose policies IAM refused.
        removeRole(aws, name);
        throw error;
      }
    },
    update(id, properties) {
      aws.iam.updateTrust(id, properties.AssumeRolePolicyDocument);
      return put(aws.iam.role(id), properties);
    },
    delete(id) {
      removeRole(aws, id);
    },
  };
}

/** CloudFormation takes off what the role's own resource put on; a policy that another one put on stops the deletion. */
function removeRole(aws: LocalAws, name: string): void {
  if (!aws.iam.state.roles[name]) return;
  aws.iam.putInlinePolicies(name, name, []);
  aws.iam.attachManagedPolicies(name, name, []);
  aws.iam.deleteRole(name);
}

function managedPolicyHandler(aws: LocalAws): ResourceHandler {
  const attach = (arn: string, properties: JsonObject): MadeResource => {
    const wanted = texts(properties.Roles, 'Roles');
    detach(arn, wanted);
    for (const role of wanted) {
      const others = ownAttachments(aws.iam.role(role), arn);
      aws.iam.attachManagedPolicies(role, arn, [...new Set([...others, arn])]);
    }
    return { id: arn, attributes: { PolicyArn: arn } };
  };
  const detach = (arn: string, except: readonly string[] = []): void => {
    for (const role of Object.values(aws.iam.state.roles)) {
      if (!except.includes(role.name) && ownAttachments(role, arn).length > 0) aws.iam.attachManagedPolicies(role.name, arn, []);
    }
  };
  return {
    type: 'AWS::IAM::ManagedPolicy',
    properties: ['ManagedPolicyName', 'PolicyDocument', 'Roles', 'Description'],
    replacedBy: ['ManagedPolicyName', 'Description'],
    attributes: ['PolicyArn'],
    create(properties, context) {
      const name = optionalText(properties.ManagedPolicyName, 'ManagedPolicyName') ?? generatedName(aws, context, 128);
      return attach(aws.iam.createManagedPolicy(name, properties.PolicyDocument).arn, properties);
    },
    update(id, properties) {
      aws.iam.updateManagedPolicy(id, properties.PolicyDocument);
      return attach(id, properties);
    },
    delete(id) {
      if (!aws.iam.state.managedPolicies[id]) return;
      detach(id);
      aws.iam.deleteManagedPolicy(id);
    },
  };
}

/** What the managed policy's own resource attached to the role. */
function ownAttachments(role: Role, owner: string): string[] {
  return role.attached.filter((attachment) => attachment.owner === owner).map(({ policyArn }) => policyArn);
}

function policyHandler(aws: LocalAws): ResourceHandler {
  const put = (id: string, properties: JsonObject): MadeResource => {
    const roles = texts(properties.Roles, 'Roles');
    if (roles.length === 0) throw new AwsError('ValidationError', 'At least one of [Groups,Roles,Users] must be non-empty.');
    remove(id, roles);
    const policy = { name: text(properties.PolicyName, 'PolicyName'), document: properties.PolicyDocument };
    for (const role of roles) aws.iam.putInlinePolicies(role, id, [policy]);
    return { id };
  };
  const remove = (id: string, except: readonly string[] = []): void => {
    for (const role of Object.values(aws.iam.state.roles)) {
      if (!except.includes(role.name) && role.inline.some(({ owner }) => owner === id)) aws.iam.putInlinePolicies(role.name, id, []);
    }
  };
  return {
    type: 'AWS::IAM::Policy',
    properties: ['PolicyName', 'PolicyDocument', 'Roles'],
    replacedBy: [],
    attributes: [],
    create: (properties, context: ResourceContext) => put(generatedName(aws, context, 128), properties),
    update: put,
    delete(id) {
      remove(id);
    },
  };
}

function optionalText(json: Json | undefined, name: string): string | undefined {
  return json === undefined ? undefined : text(json, name);
}

function text(json: Json | undefined, name: string): string {
  if (typeof json !== 'string') throw new AwsError('ValidationError', `Value of property ${name} must be of type String`);
  return json;
}

function texts(json: Json | undefined, name: string): string[] {
  if (json === undefined) return [];
  if (!Array.isArray(json)) throw new AwsError('ValidationError', `Value of property ${name} must be of type List of String`);
  return json.map((value) => text(value, name));
}

function objects(json: Json | undefined, name: string): JsonObject[] {
  if (json === undefined) return [];
  if (!Array.isArray(json)) throw new AwsError('ValidationError', `Value of property ${name} must be of type List`);
  return json.map((value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw new AwsError('ValidationError', `Value of property ${name} must be a list of objects`);
    return value;
  });
}
