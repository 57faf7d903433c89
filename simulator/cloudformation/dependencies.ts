import { AwsError } from '../errors';
import { references } from './intrinsics';
import type { Template } from './template';

/**
 * What each resource that is to exist waits for: its Ref, Fn::GetAtt and Fn::Sub in the branches taken, and its DependsOn.
 * @param exists whether the resource's own condition holds
 * @throws AwsError ValidationError for a cycle, or a reference to a resource whose condition is false
 */
export function dependenciesOf(template: Template, exists: (logicalId: string) => boolean, condition: (name: string) => boolean): Map<string, string[]> {
  const dependencies = new Map<string, string[]>();
  for (const [logicalId, { properties, dependsOn }] of Object.entries(template.resources)) {
    if (!exists(logicalId)) continue;
    const named = references(properties, condition)
      .map(({ name }) => name)
      .filter((name) => Object.hasOwn(template.resources, name));
    const absent = named.find((name) => !exists(name));
    if (absent !== undefined)
      throw new AwsError('ValidationError', `Template format error: Unresolved resource dependencies [${absent}] in the Resources block of the template`);
    // A DependsOn of a resource whose condition is false waits for nothing.
    dependencies.set(logicalId, [...new Set([...named, ...dependsOn.filter(exists)])]);
  }
  refuseCycles(dependencies);
  return dependencies;
}

function refuseCycles(dependencies: ReadonlyMap<string, readonly string[]>): void {
  const open = new Map([...dependencies].map(([id, needed]) => [id, new Set(needed)] as const));
  for (;;) {
    const free = [...open].filter(([, needed]) => needed.size === 0).map(([id]) => id);
    if (free.length === 0) break;
    for (const id of free) open.delete(id);
    for (const needed of open.values()) for (const id of free) needed.delete(id);
  }
  if (open.size > 0) throw new AwsError('ValidationError', `Circular dependency between resources: [${[...open.keys()].join(', ')}]`);
}
