import type { Json, JsonObject } from '../aws';
import { AwsError } from '../errors';
import { isCustomResource, stringified } from './custom-resource';
import { evaluate, type Scope } from './intrinsics';
import type { StackResource } from './stack';
import type { Template } from './template';

/** What a template says of a resource beside its properties. */
export function declaredPart(
  template: Template,
  logicalId: string,
  dependsOn: string[],
): Pick<StackResource, 'type' | 'dependsOn' | 'deletionPolicy' | 'updateReplacePolicy'> {
  const declaration = template.resources[logicalId];
  if (!declaration) throw new Error(`The template has no resource ${logicalId}`);
  const { type, deletionPolicy, updateReplacePolicy } = declaration;
  return { type, dependsOn, deletionPolicy, updateReplacePolicy };
}

/** Resolves the declared properties into the resource; answers why that failed. */
export function resolveInto(resource: StackResource, template: Template, scope: Scope): string | undefined {
  try {
    const resolved: Json = evaluate(template.resources[resource.logicalId]?.properties ?? {}, scope) ?? {};
    resource.properties = (isCustomResource(resource.type) ? stringified(resolved) : resolved) as JsonObject;
    return undefined;
  } catch (error) {
    if (error instanceof AwsError) return error.message;
    throw error;
  }
}

/** Whether two values are the same; the order of keys in a map is no difference. */
export function sameJson(left: Json, right: Json): boolean {
  return JSON.stringify(sorted(left)) === JSON.stringify(sorted(right));
}

function sorted(json: Json): Json {
  if (Array.isArray(json)) return json.map(sorted);
  if (typeof json !== 'object' || json === null) return json;
  return Object.fromEntries(
    Object.entries(json)
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([key, value]) => [key, sorted(value)]),
  );
}
