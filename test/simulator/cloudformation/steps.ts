import type { JsonObject } from '../../../simulator/aws';
import type { CreateStackInput } from '../../../simulator/cloudformation/cloudformation';
import type { Stack } from '../../../simulator/cloudformation/stack';
import { templateOf, type CustomEvent, type play, type Verdict } from './play';

type World = ReturnType<typeof play>;
type Options = Pick<CreateStackInput, 'onFailure' | 'disableRollback'>;

/** Creates the stack `s` with these resources. */
export async function create(world: World, resources: JsonObject, options: Options = {}): Promise<Stack> {
  return world.over(world.cloudFormation.createStack({ stackName: 's', templateBody: templateOf(resources), ...options }));
}

/** Updates the stack `s` to these resources. */
export async function update(world: World, resources: JsonObject, options: Pick<Options, 'disableRollback'> = {}): Promise<Stack> {
  return world.over(world.cloudFormation.updateStack({ stackName: 's', templateBody: templateOf(resources), ...options }));
}

/** The statuses of the stack itself, in order. */
export function stackStatuses(stack: Stack): string[] {
  return stack.events.filter(({ logicalId }) => logicalId === stack.name).map(({ status }) => status);
}

/** The statuses of a stack whose update is rolled back. */
export const rolledBack = ['UPDATE_ROLLBACK_IN_PROGRESS', 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS', 'UPDATE_ROLLBACK_COMPLETE'];

/** What the custom resources were asked: the type of each request, its physical id, and its size. */
export function asked(world: World): unknown[][] {
  return world.requests.map(({ RequestType, PhysicalResourceId, ResourceProperties }) => [RequestType, PhysicalResourceId, ResourceProperties.Size]);
}

/** From now on the function answers at once, with the verdict that is given for the request; by default with SUCCESS. */
export function answering(world: World, verdict: (event: CustomEvent) => Verdict | undefined): void {
  world.answer = async (event) => {
    await world.put(event, verdict(event) ?? {});
  };
}

/** A verdict that says no. */
export const no: Verdict = { Status: 'FAILED', Reason: 'no' };
