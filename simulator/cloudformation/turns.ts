import { isCustomResource } from './custom-resource';
import { declaredPart, resolveInto, sameJson } from './declared';
import type { StackResource, UnfinishedUpdate } from './stack';
import type { Hands, Turn } from './stack-work';
import type { UpdateRollback } from './update-rollback';

/** Makes and changes single resources of a stack, and notes how that went. */
export class Turns {
  readonly #hands: Hands;
  readonly #rollback: UpdateRollback;

  constructor(hands: Hands, rollback: UpdateRollback) {
    this.#hands = hands;
    this.#rollback = rollback;
  }

  async create({ stack, template, scope, logicalId, dependsOn, cancellation }: Turn): Promise<'create' | undefined> {
    const { actions, note } = this.#hands;
    const resource: StackResource = { logicalId, status: '', attributes: {}, properties: {}, ...declaredPart(template, logicalId, dependsOn) };
    stack.resources[logicalId] = resource;
    note(stack, resource, 'CREATE_IN_PROGRESS');
    const reason = resolveInto(resource, template, scope) ?? (await actions.create(stack, resource, cancellation));
    if (reason === undefined) {
      note(stack, resource, 'CREATE_IN_PROGRESS', 'Resource creation Initiated');
      note(stack, resource, 'CREATE_COMPLETE');
      return undefined;
    }
    note(stack, resource, 'CREATE_FAILED', reason);
    return 'create';
  }

  /** Brings a resource that is there to what the template now says of it. */
  async change(turn: Turn, update: UnfinishedUpdate, old: StackResource): Promise<'update' | undefined> {
    const { stack, template, scope, logicalId, dependsOn } = turn;
    const { note } = this.#hands;
    const next: StackResource = { ...structuredClone(old), ...declaredPart(template, logicalId, dependsOn) };
    const unresolved = resolveInto(next, template, scope);
    if (unresolved === undefined && sameJson(next.properties, old.properties) && !update.unreversed.includes(logicalId)) {
      stack.resources[logicalId] = next;
      if (old.status === 'UPDATE_FAILED') note(stack, next, 'UPDATE_COMPLETE');
      return undefined;
    }
    const refusal = unresolved ?? this.#refusal(turn, old, next);
    if (refusal !== undefined) {
      note(stack, old, 'UPDATE_FAILED', refusal);
      return 'update';
    }
    const before = update.changed[logicalId];
    const reason = await this.#begin(turn, update, old, next);
    if (reason === undefined) {
      update.unreversed = update.unreversed.filter((other) => other !== logicalId);
      note(stack, next, 'UPDATE_COMPLETE');
      return undefined;
    }
    note(stack, next, 'UPDATE_FAILED', reason);
    // Source: stack-failure-options: what failed to update is rolled back to its last known stable state, and is UPDATE_FAILED. When that happens, and
    // what becomes of it if it fails, is not documented: here at once, and a failure leaves it for the next operation. [U]
    if (stack.disableRollback && (await this.#rollback.reverse(stack, update, old, next)) === undefined) {
      if (before) update.changed[logicalId] = before;
      else delete update.changed[logicalId];
    }
    return 'update';
  }

  async #begin({ stack, logicalId, cancellation }: Turn, update: UnfinishedUpdate, old: StackResource, next: StackResource): Promise<string | undefined> {
    const { actions, note } = this.#hands;
    update.changed[logicalId] = next.properties;
    stack.resources[logicalId] = next;
    const replaces = actions.replaces(old, next.properties);
    if (replaces) {
      update.superseded.push(logicalId);
      delete next.physicalId;
      note(stack, next, 'UPDATE_IN_PROGRESS', 'Requested update requires the creation of a new physical resource; hence creating one.');
    } else {
      note(stack, next, 'UPDATE_IN_PROGRESS');
    }
    const reason = replaces ? await actions.create(stack, next, cancellation) : await actions.update(stack, next, old.properties, cancellation);
    if (reason !== undefined) return reason;
    if (next.physicalId !== old.physicalId) {
      // A custom resource that answers another physical id has replaced itself. Source: crpg-ref-requesttypes-update.
      if (!replaces && !update.superseded.includes(logicalId)) update.superseded.push(logicalId);
      update.replaced.push(old);
    }
    return undefined;
  }

  #refusal({ stack }: Turn, old: StackResource, next: StackResource): string | undefined {
    // Source: aws-cloudformation/cloudformation-coverage-roadmap#802.
    if (isCustomResource(old.type) && old.properties.ServiceToken !== next.properties.ServiceToken) return 'Modifying service token is not allowed.';
    // Source: stack-failure-options, "Immutable update types aren't supported"; the wording is quoted in smoketurner/serverless-vpc-plugin#1221.
    if (stack.disableRollback && this.#hands.actions.replaces(old, next.properties))
      return 'Replacement type updates not supported on stack with disable-rollback.';
    return undefined;
  }
}
