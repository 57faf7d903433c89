import type { Json, JsonObject } from '../aws';
import { AwsError, NotModelled } from '../errors';
import { isCustomResource } from './custom-resource';
import { conditionsNamed, references } from './intrinsics';
import { loadTemplate } from './load-template';
import { checkParameterDeclarations } from './parameters';
import type { ResourceHandler } from './resource-handler';

export type RetainOrDelete = 'Retain' | 'Delete';

/** One entry of the Resources section, as written. */
export interface ResourceDeclaration {
  type: string;
  properties: JsonObject;
  dependsOn: string[];
  condition?: string;
  deletionPolicy: RetainOrDelete;
  updateReplacePolicy: RetainOrDelete;
}

export interface OutputDeclaration {
  value: Json;
  condition?: string;
}

/** A template that is well-formed: all that it names is there, all types and properties are modelled. */
export interface Template {
  parameters: JsonObject;
  mappings: JsonObject;
  conditions: JsonObject;
  resources: Record<string, ResourceDeclaration>;
  outputs: Record<string, OutputDeclaration>;
}

/** Source: CloudFormation User Guide, pseudo-parameter-reference. NotificationARNs is not modelled. */
export const pseudoParameters = ['AccountId', 'NoValue', 'Partition', 'Region', 'StackId', 'StackName', 'URLSuffix'].map((name) => `AWS::${name}`);

const sections = ['AWSTemplateFormatVersion', 'Description', 'Metadata', 'Parameters', 'Mappings', 'Conditions', 'Resources', 'Outputs'];
const resourceAttributes = ['Type', 'Properties', 'DependsOn', 'Condition', 'DeletionPolicy', 'UpdateReplacePolicy', 'Metadata'];

/**
 * Reads and checks a template before anything is made of it.
 * @throws AwsError ValidationError as CloudFormation words it; NotModelled for a section, type, property or function that is not modelled
 */
export function parseTemplate(body: string, handlers: ReadonlyMap<string, ResourceHandler>, fromS3 = false): Template {
  const document = loadTemplate(body, fromS3);
  refuseUnknown(document, sections, (name) => `the template section ${name}`);
  if (document.AWSTemplateFormatVersion !== undefined && document.AWSTemplateFormatVersion !== '2010-09-09')
    throw invalid(`Template format error: unsupported value for AWSTemplateFormatVersion`);
  const resources = mapOf(document.Resources ?? {}, 'Resources', resourceOf);
  if (Object.keys(resources).length === 0) throw invalid('Template format error: At least one Resources member must be defined.');
  const template: Template = {
    parameters: objectOf(document.Parameters ?? {}, 'Parameters'),
    mappings: objectOf(document.Mappings ?? {}, 'Mappings'),
    conditions: objectOf(document.Conditions ?? {}, 'Conditions'),
    resources,
    outputs: mapOf(document.Outputs ?? {}, 'Outputs', outputOf),
  };
  checkParameterDeclarations(template.parameters);
  checkSizes(template, document);
  checkNames(template);
  checkConditions(template);
  for (const [logicalId, resource] of Object.entries(resources)) checkType(logicalId, resource, handlers);
  checkReferences(template, handlers);
  return template;
}

function resourceOf(json: Json, logicalId: string): ResourceDeclaration {
  const resource = objectOf(json, `Resources/${logicalId}`);
  refuseUnknown(resource, resourceAttributes, (name) => `the attribute ${name} of resource ${logicalId}`);
  const { Type, DependsOn, Condition } = resource;
  if (typeof Type !== 'string') throw invalid(`Template format error: [/Resources/${logicalId}] Every Resources object must contain a Type member.`);
  const dependsOn = DependsOn === undefined ? [] : Array.isArray(DependsOn) ? DependsOn : [DependsOn];
  return {
    type: Type,
    properties: objectOf(resource.Properties ?? {}, `Resources/${logicalId}/Properties`),
    dependsOn: dependsOn.map((name) => textOf(name, `Resources/${logicalId}/DependsOn`)),
    ...(Condition !== undefined && { condition: textOf(Condition, `Resources/${logicalId}/Condition`) }),
    deletionPolicy: policyOf(resource.DeletionPolicy, 'DeletionPolicy'),
    updateReplacePolicy: policyOf(resource.UpdateReplacePolicy, 'UpdateReplacePolicy'),
  };
}

function policyOf(json: Json | undefined, name: string): RetainOrDelete {
  if (json === undefined || json === 'Delete') return 'Delete';
  if (json === 'Retain') return 'Retain';
  throw new NotModelled(`the ${name} ${JSON.stringify(json)}`);
}

function outputOf(json: Json, name: string): OutputDeclaration {
  const output = objectOf(json, `Outputs/${name}`);
  refuseUnknown(output, ['Description', 'Value', 'Condition'], (key) => `the attribute ${key} of output ${name}`);
  if (output.Value === undefined) throw invalid(`Template format error: Every Outputs member must contain a Value object (${name})`);
  return { value: output.Value, ...(output.Condition !== undefined && { condition: textOf(output.Condition, `Outputs/${name}/Condition`) }) };
}

/** Source: CloudFormation quotas. */
function checkSizes(template: Template, document: JsonObject): void {
  if (Object.keys(template.resources).length > 500) throw invalid('Template format error: Number of resources is greater than maximum allowed 500');
  if (Object.keys(template.outputs).length > 200) throw invalid('Template format error: Number of outputs is greater than maximum allowed 200');
  if (typeof document.Description === 'string' && Buffer.byteLength(document.Description) > 1_024)
    throw invalid("Template format error: 'Description' length is greater than 1024.");
}

/** Source: resources-section-structure: a logical id is alphanumeric and unique within the template. */
function checkNames(template: Template): void {
  const names = [...Object.keys(template.parameters), ...Object.keys(template.resources)];
  const bad = [...names, ...Object.keys(template.outputs)].find((name) => !/^[A-Za-z0-9]{1,255}$/.test(name));
  if (bad !== undefined) throw invalid(`Template format error: Name '${bad}' is non alphanumeric.`);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw invalid(`Template error: the name ${twice} stands for a parameter and a resource`);
}

function checkConditions(template: Template): void {
  const used = [
    ...Object.values(template.resources).flatMap(({ condition, properties }) => [condition ?? [], conditionsNamed(properties)].flat()),
    ...Object.values(template.outputs).flatMap(({ condition, value }) => [condition ?? [], conditionsNamed(value)].flat()),
  ];
  const missing = used.find((name) => !Object.hasOwn(template.conditions, name));
  if (missing !== undefined) throw invalid(`Template format error: Unresolved condition dependency ${missing}`);
}

function checkType(logicalId: string, resource: ResourceDeclaration, handlers: ReadonlyMap<string, ResourceHandler>): void {
  if (isCustomResource(resource.type)) {
    // Source: AWS::CloudFormation::CustomResource: ServiceToken is required; names of types have up to 60 characters.
    if (!/^(AWS::CloudFormation::CustomResource|Custom::[\w@-]{1,60})$/.test(resource.type))
      throw invalid(`Template format error: Unrecognized resource types: [${resource.type}]`);
    if (resource.properties.ServiceToken === undefined)
      throw invalid(`Template format error: [/Resources/${logicalId}/Properties] Property ServiceToken is required for a custom resource`);
    return;
  }
  const handler = handlers.get(resource.type);
  if (!handler) throw new NotModelled(`resource type ${resource.type}`);
  refuseUnknown(resource.properties, handler.properties, (name) => `property ${name} of ${resource.type}`);
}

function checkReferences(template: Template, handlers: ReadonlyMap<string, ResourceHandler>): void {
  const known = new Set([...pseudoParameters, ...Object.keys(template.parameters), ...Object.keys(template.resources)]);
  const check = (json: Json, section: string): void => {
    for (const { name, attribute } of references(json)) {
      if (!known.has(name)) throw invalid(`Template format error: Unresolved resource dependencies [${name}] in the ${section} block of the template`);
      if (attribute === undefined) continue;
      const resource = template.resources[name];
      if (!resource) throw invalid(`Template error: instance of Fn::GetAtt references undefined resource ${name}`);
      if (!isCustomResource(resource.type) && !handlers.get(resource.type)?.attributes.includes(attribute))
        throw invalid(`Template error: resource ${name} does not support attribute type ${attribute} in Fn::GetAtt`);
    }
  };
  for (const [logicalId, { properties, dependsOn }] of Object.entries(template.resources)) {
    check(properties, 'Resources');
    const missing = dependsOn.find((name) => !Object.hasOwn(template.resources, name));
    if (missing !== undefined) throw invalid(`Template format error: Unresolved resource dependencies [${missing}] in the Resources block of the template`);
    if (dependsOn.includes(logicalId)) throw invalid(`Circular dependency between resources: [${logicalId}]`);
  }
  for (const { value } of Object.values(template.outputs)) check(value, 'Outputs');
}

function mapOf<Value>(json: Json, section: string, read: (json: Json, name: string) => Value): Record<string, Value> {
  return Object.fromEntries(Object.entries(objectOf(json, section)).map(([name, value]) => [name, read(value, name)]));
}

function refuseUnknown(json: JsonObject, known: readonly string[], what: (name: string) => string): void {
  const unknown = Object.keys(json).find((key) => !known.includes(key));
  if (unknown !== undefined) throw new NotModelled(what(unknown));
}

function objectOf(json: Json, where: string): JsonObject {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw invalid(`Template format error: [/${where}] must be an object`);
  return json;
}

function textOf(json: Json, where: string): string {
  if (typeof json !== 'string') throw invalid(`Template format error: [/${where}] must be a string`);
  return json;
}

function invalid(message: string): AwsError {
  return new AwsError('ValidationError', message);
}
