import type { LocalAws } from '../aws';
import { dependenciesOf } from './dependencies';
import type { Scope } from './intrinsics';
import type { Cancellation, ResourceActions } from './resource-actions';
import type { Stack, StackResource } from './stack';
import { stackScope } from './stack-scope';
import type { Template } from './template';
import type { Unknowns } from './unknowns';

/** Notes that a resource, or with no resource the stack itself, reached a status. */
export type Note = (stack: Stack, resource: StackResource | undefined, status: string, reason?: string) => void;

/** What a stack is to become. */
export interface Wanted {
  template: Template;
  parameters: Record<string, string>;
}

/** What every operation works with. */
export interface Hands {
  aws: LocalAws;
  actions: ResourceActions;
  note: Note;
  unknowns: Unknowns;
}

/** One resource's turn in a create or an update. */
export interface Turn {
  stack: Stack;
  template: Template;
  scope: Scope;
  logicalId: string;
  dependsOn: string[];
  cancellation: Cancellation;
}

/** What each resource of the wanted stack waits for. @throws AwsError ValidationError for a cycle or an absent resource */
export function dependenciesIn(aws: LocalAws, stack: Stack, { template, parameters }: Wanted): Map<string, string[]> {
  const scope = stackScope(aws, stack, template, parameters);
  const exists = (logicalId: string): boolean => {
    const condition = template.resources[logicalId]?.condition;
    return condition === undefined || scope.condition(condition);
  };
  return dependenciesOf(template, exists, scope.condition);
}
