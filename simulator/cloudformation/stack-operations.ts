import { AwsError } from '../errors';
import { CLEANUP_ATTEMPTS, Deletions, physicalResources } from './deletions';
import { failedTo, ForwardPasses } from './forward-passes';
import type { StableState, Stack, StackResource, UnfinishedUpdate } from './stack';
import { stackOutputs, stackScope } from './stack-scope';
import { dependenciesIn, type Hands, type Wanted } from './stack-work';
import type { RetainOrDelete } from './template';
import { Turns } from './turns';
import { UpdateRollback } from './update-rollback';

/** Creates, updates and deletes whole stacks, with their rollbacks. Source: CloudFormation User Guide, stack-failure-options and updating-stacks. */
export class StackOperations {
  readonly #hands: Hands;
  readonly #passes: ForwardPasses;
  readonly #deletions: Deletions;
  readonly #rollback: UpdateRollback;
  readonly #turns: Turns;

  constructor(hands: Hands) {
    this.#hands = hands;
    this.#passes = new ForwardPasses(this.#hands);
    this.#deletions = new Deletions(this.#hands);
    this.#rollback = new UpdateRollback(this.#hands, this.#deletions);
    this.#turns = new Turns(this.#hands, this.#rollback);
  }

  async create(stack: Stack, wanted: Wanted): Promise<void> {
    const { note } = this.#hands;
    this.#begin(stack, 'CREATE_IN_PROGRESS');
    const { calledOff, failure = this.#writeOutputs(stack, wanted) } = await this.#passes.run(stack, wanted, (turn) => this.#turns.create(turn));
    // The delete that called it off goes on from here.
    if (calledOff) return;
    if (failure === undefined) note(stack, undefined, 'CREATE_COMPLETE');
    else if (stack.disableRollback) note(stack, undefined, 'CREATE_FAILED', failure);
    else await this.#rollBackCreate(stack, `${failure}Rollback requested by user.`);
  }

  async update(stack: Stack, wanted: Wanted, body: Pick<Stack, 'body' | 'fromS3'>): Promise<void> {
    const { aws, note } = this.#hands;
    const update = (stack.update ??= unfinishedUpdate(stack));
    this.#begin(stack, 'UPDATE_IN_PROGRESS');
    const undeleted = await this.#deleteFailedCreates(stack);
    if (undeleted !== '') {
      note(stack, undefined, 'UPDATE_FAILED', undeleted);
      return;
    }
    const passed = await this.#passes.run(stack, wanted, (turn) => {
      const old = stack.resources[turn.logicalId];
      return old ? this.#turns.change(turn, update, old) : this.#turns.create(turn);
    });
    // Source: API Reference, CancelUpdateStack: the stack goes back to the configuration before.
    const failure = passed.calledOff ? 'User Initiated' : (passed.failure ?? this.#writeOutputs(stack, wanted));
    if (failure !== undefined && update.stable && !stack.disableRollback) {
      await this.#rollback.run(stack, update, update.stable, failure);
      return;
    }
    Object.assign(stack, body, { parameters: wanted.parameters });
    if (failure !== undefined) note(stack, undefined, 'UPDATE_FAILED', failure);
    else await this.#cleanUp(stack, update, [...dependenciesIn(aws, stack, wanted).keys()]);
  }

  /** Source: API Reference, RollbackStack. */
  async rollBack(stack: Stack): Promise<void> {
    stack.operations++;
    const { update } = stack;
    // "This operation will delete a stack if it doesn't contain a last known stable state": its resources go. Whether the stack itself goes too, or stays as
    // ROLLBACK_COMPLETE to be deleted by name, is told differently; a DeleteStack after it is right in both cases. [U]
    if (update?.stable) await this.#rollback.run(stack, update, update.stable, 'User Initiated');
    else await this.#rollBackCreate(stack, 'User Initiated');
  }

  /** Source: API Reference, ContinueUpdateRollback. */
  async continueRollback(stack: Stack, skipped: readonly string[]): Promise<void> {
    stack.operations++;
    const { update } = stack;
    if (update?.stable) await this.#rollback.run(stack, update, update.stable, 'User Initiated', skipped);
  }

  /** Deletes what is there; a create that is under way is called off first. */
  async delete(stack: Stack, retain: readonly string[]): Promise<void> {
    this.#begin(stack, 'DELETE_IN_PROGRESS');
    await this.#passes.callOff(stack);
    const policy = ({ logicalId, deletionPolicy }: StackResource): RetainOrDelete => (retain.includes(logicalId) ? 'Retain' : deletionPolicy);
    const undeleted = failedTo('delete', await this.#deletions.all(stack, physicalResources(stack), policy));
    if (undeleted !== '') {
      this.#hands.note(stack, undefined, 'DELETE_FAILED', undeleted);
      return;
    }
    delete stack.update;
    this.#hands.note(stack, undefined, 'DELETE_COMPLETE');
  }

  /** Gives up the stack's update, which then rolls itself back. */
  callOff(stack: Stack): Promise<void> {
    return this.#passes.callOff(stack);
  }

  #begin(stack: Stack, status: string): void {
    stack.operations++;
    this.#hands.note(stack, undefined, status, 'User Initiated');
  }

  async #rollBackCreate(stack: Stack, reason: string): Promise<void> {
    const { note } = this.#hands;
    note(stack, undefined, 'ROLLBACK_IN_PROGRESS', reason);
    const undeleted = failedTo('delete', await this.#deletions.all(stack, physicalResources(stack), ({ deletionPolicy }) => deletionPolicy));
    if (undeleted === '') note(stack, undefined, 'ROLLBACK_COMPLETE');
    else note(stack, undefined, 'ROLLBACK_FAILED', undeleted);
  }

  /**
   * Source: stack-failure-options: "Resources without a last known stable state will be deleted upon the next stack operation", and what failed to create is
   * retried. Which comes first is not documented: here the delete, and its failure fails the update. [U]
   */
  async #deleteFailedCreates(stack: Stack): Promise<string> {
    const hopeless = Object.values(stack.resources).filter(({ status }) => status === 'CREATE_FAILED' || status === 'DELETE_FAILED');
    return failedTo('delete', await this.#deletions.all(stack, hopeless, ({ deletionPolicy }) => deletionPolicy));
  }

  /** What cannot be deleted in the cleanup is abandoned. Source: updating-stacks, "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"; wording: coverage-roadmap#744. */
  async #cleanUp(stack: Stack, update: UnfinishedUpdate, wanted: readonly string[]): Promise<void> {
    const { note } = this.#hands;
    note(stack, undefined, 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS');
    const removed = Object.values(stack.resources).filter(({ logicalId }) => !wanted.includes(logicalId));
    const policy = (resource: StackResource): RetainOrDelete => (removed.includes(resource) ? resource.deletionPolicy : resource.updateReplacePolicy);
    const undeleted = await this.#deletions.all(stack, [...update.replaced, ...update.left, ...removed], policy, CLEANUP_ATTEMPTS);
    for (const { logicalId } of removed) delete stack.resources[logicalId];
    delete stack.update;
    note(stack, undefined, 'UPDATE_COMPLETE', undeleted.length > 0 ? 'Update successful. One or more resources could not be deleted.' : undefined);
  }

  #writeOutputs(stack: Stack, { template, parameters }: Wanted): string | undefined {
    try {
      stack.outputs = stackOutputs(template, stackScope(this.#hands.aws, stack, template, parameters));
      return undefined;
    } catch (error) {
      if (error instanceof AwsError) return `${error.message}. `;
      throw error;
    }
  }
}

/** Begins with the stack as it is; a stack whose create has failed was never stable. */
function unfinishedUpdate(stack: Stack): UnfinishedUpdate {
  const { resources, parameters, outputs, body, fromS3 } = stack;
  const stable: StableState = structuredClone({ resources, parameters, outputs, body, fromS3 });
  return { ...(stack.status !== 'CREATE_FAILED' && { stable }), changed: {}, superseded: [], replaced: [], left: [], unreversed: [] };
}
