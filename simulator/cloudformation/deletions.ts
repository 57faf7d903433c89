import { schedule } from './schedule';
import type { Stack, StackResource } from './stack';
import type { Hands } from './stack-work';
import type { RetainOrDelete } from './template';

/** How often a cleanup tries to delete a resource before it abandons it. Source: aws-cloudformation/cloudformation-coverage-roadmap#744. */
export const CLEANUP_ATTEMPTS = 3;

/** Deletes the resources of stacks. */
export class Deletions {
  readonly #hands: Hands;

  constructor(hands: Hands) {
    this.#hands = hands;
  }

  /** Deletes as early as the dependencies between what still exists allow; answers the logical ids that failed. */
  async all(stack: Stack, resources: readonly StackResource[], policy: (resource: StackResource) => RetainOrDelete, attempts = 1): Promise<string[]> {
    const keyed = new Map(resources.map((resource, index) => [`${resource.logicalId}#${index}`, resource]));
    const dependants = (resource: StackResource): string[] =>
      [...keyed].filter(([, other]) => other !== resource && other.dependsOn.includes(resource.logicalId)).map(([key]) => key);
    const failed: string[] = [];
    await schedule({
      waitsFor: new Map([...keyed].map(([key, resource]) => [key, dependants(resource)])),
      eager: () => true,
      random: this.#hands.aws.random,
      work: async (key) => {
        const resource = keyed.get(key);
        if (!resource) return true;
        const deleted = await this.#one(stack, resource, policy(resource), attempts);
        if (!deleted) failed.push(resource.logicalId);
        return deleted;
      },
    });
    return failed;
  }

  async #one(stack: Stack, resource: StackResource, policy: RetainOrDelete, attempts: number): Promise<boolean> {
    const { actions, note } = this.#hands;
    if (resource.physicalId === undefined || policy === 'Retain') {
      if (resource.physicalId !== undefined) note(stack, resource, 'DELETE_SKIPPED');
      forget(stack, resource);
      return true;
    }
    for (let attempt = 1; attempt <= attempts; attempt++) {
      note(stack, resource, 'DELETE_IN_PROGRESS');
      const reason = await actions.delete(stack, resource);
      note(stack, resource, reason === undefined ? 'DELETE_COMPLETE' : 'DELETE_FAILED', reason);
      if (reason !== undefined) continue;
      forget(stack, resource);
      return true;
    }
    return false;
  }
}

function forget(stack: Stack, resource: StackResource): void {
  const { resources, update } = stack;
  const { logicalId } = resource;
  if (resources[logicalId] === resource) delete resources[logicalId];
  if (!update) return;
  const others = (records: readonly StackResource[]): StackResource[] => records.filter((record) => !samePhysical(record, resource));
  update.left = others(update.left);
  update.replaced = others(update.replaced);
  if (samePhysical(resource, update.stable?.resources[logicalId])) update.superseded = update.superseded.filter((other) => other !== logicalId);
}

/** Everything that was made for the stack and is not deleted yet, each physical resource once. */
export function physicalResources({ resources, update }: Stack): StackResource[] {
  const before = Object.values(update?.stable?.resources ?? {}).filter(({ logicalId }) => update?.superseded.includes(logicalId));
  const all = [...Object.values(resources), ...(update?.left ?? []), ...(update?.replaced ?? []), ...before];
  return all.filter((resource, index) => all.findIndex((other) => samePhysical(other, resource)) === index);
}

/** Whether two records are of one physical resource. */
export function samePhysical(one: StackResource, other: StackResource | undefined): boolean {
  return one.logicalId === other?.logicalId && one.physicalId === other.physicalId;
}
