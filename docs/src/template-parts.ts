import type { Json, JsonObject } from '../../simulator/aws';
import { isObject, textOf } from '../../simulator/states/paths';
import { references } from '../../templates/src/references';

/** A resource of the template, as far as the pictures read it. */
export interface Resource {
  id: string;
  type: string;
  properties: JsonObject;
}

/** One Allow of a role. */
export interface Allowed {
  actions: string[];
  /** The logical ids of the resources and parameters that it is for. */
  on: string[];
}

/** The resources of a template. */
export function resourcesOf(template: JsonObject): Resource[] {
  return Object.entries(object(template.Resources)).map(([id, value]) => {
    const resource = object(value);
    return { id, type: textOf(resource.Type), properties: object(resource.Properties) };
  });
}

/** What the role of a function or state machine allows by its own policies. */
export function allowedTo({ properties }: Resource, resources: Resource[]): Allowed[] {
  const [role] = references(properties.Role ?? properties.RoleArn);
  const policies = list(resources.find(({ id }) => id === role)?.properties.Policies);
  return policies
    .flatMap((policy) => list(object(object(policy).PolicyDocument).Statement))
    .map((statement) => ({ actions: list(object(statement).Action).map(textOf), on: references(object(statement).Resource) }));
}

/** A JSON value as an object; what is none is an empty one. */
export function object(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}

/** CloudFormation and IAM take one value in place of a list. */
export function list(value: Json | undefined): Json[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}
