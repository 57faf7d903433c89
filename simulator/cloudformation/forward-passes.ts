import { isCustomResource } from './custom-resource';
import { Cancellation } from './resource-actions';
import { schedule } from './schedule';
import type { Stack } from './stack';
import { stackScope } from './stack-scope';
import { dependenciesIn, type Hands, type Turn, type Wanted } from './stack-work';

/** A create or an update that is under way, which a person may call off. */
interface UnderWay {
  cancellation: Cancellation;
  calledOff: boolean;
  /** Resolves when nothing of it goes on any more. */
  over: Promise<void>;
}

/** How a pass ended. */
export interface Passed {
  calledOff: boolean;
  /** What failed, as CloudFormation words it; undefined when nothing did. */
  failure?: string;
}

/** Works through the resources that a stack is to have, for a create or an update. */
export class ForwardPasses {
  readonly #hands: Hands;
  /** By the stack's id. */
  readonly #underWay = new Map<string, UnderWay>();

  constructor(hands: Hands) {
    this.#hands = hands;
  }

  /**
   * Goes on until a resource fails or a person calls it off, which cancels those in progress.
   * When what was made is to be kept, a failure stops only what waits for it. Source: stack-failure-options, "a failure in one path doesn't affect other
   * provisioning paths".
   * @param work does one resource's turn; answers why it failed, and whether to `create` or to `update`
   */
  async run(stack: Stack, wanted: Wanted, work: (turn: Turn) => Promise<'create' | 'update' | undefined>): Promise<Passed> {
    const { aws } = this.#hands;
    const { template, parameters } = wanted;
    const dependencies = dependenciesIn(aws, stack, wanted);
    const scope = stackScope(aws, stack, template, parameters);
    const cancellation = new Cancellation();
    const failed: Record<'create' | 'update', string[]> = { create: [], update: [] };
    const over = schedule({
      waitsFor: dependencies,
      halted: () => cancellation.requested,
      // Custom resources go first, so that what they need but do not declare comes late.
      eager: (logicalId) => isCustomResource(template.resources[logicalId]?.type ?? ''),
      random: aws.random,
      work: async (logicalId) => {
        const failure = await work({ stack, template, scope, logicalId, dependsOn: [...(dependencies.get(logicalId) ?? [])], cancellation });
        if (failure === undefined) return true;
        failed[failure].push(logicalId);
        if (!stack.disableRollback) cancellation.request();
        return false;
      },
    });
    const underWay: UnderWay = { cancellation, calledOff: false, over };
    this.#underWay.set(stack.id, underWay);
    try {
      await over;
    } finally {
      this.#underWay.delete(stack.id);
    }
    const failure = (['create', 'update'] as const).map((verb) => failedTo(verb, failed[verb])).join('');
    return { calledOff: underWay.calledOff, ...(failure !== '' && { failure }) };
  }

  /**
   * Begins nothing more of the stack's create or update, and gives up what is in progress: a custom resource's function is not told.
   * Resolves when nothing goes on any more; at once if nothing is under way.
   */
  async callOff(stack: Stack): Promise<void> {
    const underWay = this.#underWay.get(stack.id);
    if (!underWay) return;
    underWay.calledOff = true;
    underWay.cancellation.request();
    await underWay.over;
  }
}

/** The stack's status reason when resources failed; empty when none did. */
export function failedTo(verb: 'create' | 'update' | 'delete', logicalIds: readonly string[]): string {
  return logicalIds.length > 0 ? `The following resource(s) failed to ${verb}: [${logicalIds.join(', ')}]. ` : '';
}
