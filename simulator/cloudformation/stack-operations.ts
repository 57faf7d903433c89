import type { Json, JsonObject, LocalAws } from '../aws';
import { AwsError } from '../errors';
import { isCustomResource, stringified } from './custom-resource';
import { dependenciesOf } from './dependencies';
import { evaluate, type Scope } from './intrinsics';
import { Cancellation, type ResourceActions } from './resource-actions';
import { schedule } from './schedule';
import type { Stack, StackResource } from './stack';
import { stackOutputs, stackScope } from './stack-scope';
import type { RetainOrDelete, Template } from './template';

/** Notes that a resource, or with no resource the stack itself, reached a status. */
export type Note = (stack: Stack, resource: StackResource | undefined, status: string, reason?: string) => void;

/** What a stack is to become. */
export interface Wanted {
  template: Template;
  parameters: Record<string, string>;
}

/** Resources that failed, by what failed. */
interface Failures {
  create: string[];
  update: string[];
}

/** A create or an update that is under way, which a person may call off. */
interface UnderWay {
  cancellation: Cancellation;
  calledOff: boolean;
  /** Resolves when nothing of it goes on any more. */
  over: Promise<void>;
}

/** Creates, updates and deletes whole stacks, with their rollbacks. Source: CloudFormation User Guide, stack-failure-options and updating-stacks. */
export class StackOperations {
  readonly #aws: LocalAws;
  readonly #actions: ResourceActions;
  readonly #note: Note;
  /** By the stack's id. */
  readonly #underWay = new Map<string, UnderWay>();

  constructor(aws: LocalAws, actions: ResourceActions, note: Note) {
    this.#aws = aws;
    this.#actions = actions;
    this.#note = note;
  }

  /** What each resource of the wanted stack waits for. @throws AwsError ValidationError for a cycle or an absent resource */
  dependencies(stack: Stack, wanted: Wanted): Map<string, string[]> {
    const scope = this.#scope(stack, wanted);
    const exists = (logicalId: string): boolean => {
      const condition = wanted.template.resources[logicalId]?.condition;
      return condition === undefined || scope.condition(condition);
    };
    return dependenciesOf(wanted.template, exists, scope.condition);
  }

  async create(stack: Stack, wanted: Wanted, onFailure: 'ROLLBACK' | 'DO_NOTHING'): Promise<void> {
    this.#note(stack, undefined, 'CREATE_IN_PROGRESS', 'User Initiated');
    const scope = this.#scope(stack, wanted);
    const failures: Failures = { create: [], update: [] };
    const { calledOff } = await this.#inOrder(stack, this.dependencies(stack, wanted), wanted.template, failures, (logicalId, dependsOn, cancellation) =>
      this.#create(stack, wanted.template, logicalId, dependsOn, scope, failures, cancellation),
    );
    // The delete that called it off goes on from here.
    if (calledOff) return;
    const failure = reasonOf(failures) ?? this.#writeOutputs(stack, wanted, scope);
    if (failure === undefined) {
      this.#note(stack, undefined, 'CREATE_COMPLETE');
      return;
    }
    if (onFailure === 'DO_NOTHING') {
      this.#note(stack, undefined, 'CREATE_FAILED', failure);
      return;
    }
    this.#note(stack, undefined, 'ROLLBACK_IN_PROGRESS', `${failure}Rollback requested by user.`);
    const undeleted = await this.#delete(stack, Object.values(stack.resources), ({ deletionPolicy }) => deletionPolicy);
    if (undeleted.length > 0) this.#note(stack, undefined, 'ROLLBACK_FAILED', `The following resource(s) failed to delete: [${undeleted.join(', ')}]. `);
    else this.#note(stack, undefined, 'ROLLBACK_COMPLETE');
  }

  /** Deletes what is there; a create that is under way is called off first. */
  async delete(stack: Stack, retain: readonly string[]): Promise<void> {
    this.#note(stack, undefined, 'DELETE_IN_PROGRESS', 'User Initiated');
    await this.callOff(stack);
    const all = [...Object.values(stack.resources), ...stack.leftovers];
    const undeleted = await this.#delete(stack, all, ({ logicalId, deletionPolicy }) => (retain.includes(logicalId) ? 'Retain' : deletionPolicy));
    if (undeleted.length > 0) this.#note(stack, undefined, 'DELETE_FAILED', `The following resource(s) failed to delete: [${undeleted.join(', ')}]. `);
    else this.#note(stack, undefined, 'DELETE_COMPLETE');
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

  async update(stack: Stack, wanted: Wanted, body: Pick<Stack, 'body' | 'fromS3'>): Promise<void> {
    this.#note(stack, undefined, 'UPDATE_IN_PROGRESS', 'User Initiated');
    const update = new StackUpdate(stack);
    const scope = this.#scope(stack, wanted);
    const failures: Failures = { create: [], update: [] };
    const dependencies = this.dependencies(stack, wanted);
    const { calledOff } = await this.#inOrder(stack, dependencies, wanted.template, failures, (logicalId, dependsOn, cancellation) =>
      update.before[logicalId]
        ? this.#change(stack, update, wanted.template, logicalId, dependsOn, scope, failures, cancellation)
        : this.#create(stack, wanted.template, logicalId, dependsOn, scope, failures, cancellation),
    );
    // Source: API Reference, CancelUpdateStack: the stack goes back to the configuration before.
    const failure = calledOff ? 'User Initiated' : (reasonOf(failures) ?? this.#writeOutputs(stack, wanted, scope));
    if (failure !== undefined) {
      await this.#rollBackUpdate(stack, update, failure);
      return;
    }
    Object.assign(stack, body);
    this.#note(stack, undefined, 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS');
    const removed = Object.values(stack.resources).filter(({ logicalId }) => !dependencies.has(logicalId));
    const policy = (resource: StackResource): RetainOrDelete => (removed.includes(resource) ? resource.deletionPolicy : resource.updateReplacePolicy);
    // What cannot be deleted in the cleanup is abandoned. Source: updating-stacks, "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS".
    await this.#delete(stack, [...update.replaced, ...removed], policy);
    for (const { logicalId } of removed) delete stack.resources[logicalId];
    this.#note(stack, undefined, 'UPDATE_COMPLETE');
  }

  async #rollBackUpdate(stack: Stack, update: StackUpdate, failure: string): Promise<void> {
    this.#note(stack, undefined, 'UPDATE_ROLLBACK_IN_PROGRESS', failure);
    const fresh = Object.values(stack.resources).filter(({ logicalId }) => !update.before[logicalId]);
    const failed: string[] = [];
    await schedule({
      waitsFor: new Map(Object.values(update.before).map(({ logicalId, dependsOn }) => [logicalId, dependsOn])),
      eager: () => true,
      random: this.#aws.random,
      work: async (logicalId) => {
        const old = update.before[logicalId];
        const current = stack.resources[logicalId];
        if (!old || !current) return true;
        if (!update.touched.includes(logicalId)) {
          stack.resources[logicalId] = old;
          return true;
        }
        if (update.superseded.includes(logicalId)) {
          if (current.physicalId !== undefined) fresh.push(current);
          stack.resources[logicalId] = old;
          this.#note(stack, old, 'UPDATE_COMPLETE');
          return true;
        }
        // The reverse update goes to what the failed one left, with the two sets of properties swapped.
        const reverted: StackResource = { ...structuredClone(old), physicalId: current.physicalId ?? '' };
        stack.resources[logicalId] = reverted;
        this.#note(stack, reverted, 'UPDATE_IN_PROGRESS');
        const reason = await this.#actions.update(stack, reverted, current.properties, new Cancellation());
        if (reverted.physicalId !== current.physicalId && reason === undefined) fresh.push(current);
        this.#note(stack, reverted, reason === undefined ? 'UPDATE_COMPLETE' : 'UPDATE_FAILED', reason);
        if (reason !== undefined) failed.push(logicalId);
        return reason === undefined;
      },
    });
    if (failed.length > 0) {
      stack.leftovers.push(...fresh.filter((resource) => stack.resources[resource.logicalId] !== resource));
      this.#note(stack, undefined, 'UPDATE_ROLLBACK_FAILED', `The following resource(s) failed to update: [${failed.join(', ')}]. `);
      return;
    }
    this.#note(stack, undefined, 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS');
    await this.#delete(stack, fresh, ({ deletionPolicy }) => deletionPolicy);
    for (const { logicalId } of fresh) if (!update.before[logicalId]) delete stack.resources[logicalId];
    this.#note(stack, undefined, 'UPDATE_ROLLBACK_COMPLETE');
  }

  /** Works through the wanted resources until one fails or a person calls it off, which cancels those in progress. */
  async #inOrder(
    stack: Stack,
    dependencies: ReadonlyMap<string, readonly string[]>,
    template: Template,
    failures: Failures,
    work: (logicalId: string, dependsOn: string[], cancellation: Cancellation) => Promise<void>,
  ): Promise<{ calledOff: boolean }> {
    const cancellation = new Cancellation();
    const failed = (): number => failures.create.length + failures.update.length;
    const over = schedule({
      waitsFor: dependencies,
      halted: () => cancellation.requested,
      // Custom resources go first, so that what they need but do not declare comes late.
      eager: (logicalId) => isCustomResource(template.resources[logicalId]?.type ?? ''),
      random: this.#aws.random,
      work: async (logicalId) => {
        await work(logicalId, [...(dependencies.get(logicalId) ?? [])], cancellation);
        if (failed() > 0) cancellation.request();
        return ![...failures.create, ...failures.update].includes(logicalId);
      },
    });
    const underWay: UnderWay = { cancellation, calledOff: false, over };
    this.#underWay.set(stack.id, underWay);
    try {
      await over;
    } finally {
      this.#underWay.delete(stack.id);
    }
    return underWay;
  }

  async #create(
    stack: Stack,
    template: Template,
    logicalId: string,
    dependsOn: string[],
    scope: Scope,
    failures: Failures,
    cancellation: Cancellation,
  ): Promise<void> {
    const resource = declaredResource(template, logicalId, dependsOn);
    stack.resources[logicalId] = resource;
    this.#note(stack, resource, 'CREATE_IN_PROGRESS');
    const reason = resolveInto(resource, template, scope) ?? (await this.#actions.create(stack, resource, cancellation));
    if (reason === undefined) {
      this.#note(stack, resource, 'CREATE_IN_PROGRESS', 'Resource creation Initiated');
      this.#note(stack, resource, 'CREATE_COMPLETE');
      return;
    }
    this.#note(stack, resource, 'CREATE_FAILED', reason);
    failures.create.push(logicalId);
  }

  async #change(
    stack: Stack,
    update: StackUpdate,
    template: Template,
    logicalId: string,
    dependsOn: string[],
    scope: Scope,
    failures: Failures,
    cancellation: Cancellation,
  ): Promise<void> {
    const old = update.before[logicalId];
    if (!old) return;
    const next: StackResource = { ...structuredClone(old), ...declaredPart(template, logicalId, dependsOn) };
    const unresolved = resolveInto(next, template, scope);
    if (unresolved === undefined && sameJson(next.properties, old.properties)) {
      stack.resources[logicalId] = next;
      return;
    }
    const fail = (reason: string): void => {
      this.#note(stack, stack.resources[logicalId], 'UPDATE_FAILED', reason);
      failures.update.push(logicalId);
    };
    if (unresolved !== undefined) {
      fail(unresolved);
      return;
    }
    if (isCustomResource(old.type) && old.properties.ServiceToken !== next.properties.ServiceToken) {
      // Source: aws-cloudformation/cloudformation-coverage-roadmap#802.
      fail('Modifying service token is not allowed.');
      return;
    }
    update.touched.push(logicalId);
    stack.resources[logicalId] = next;
    const replaces = this.#actions.replaces(old, next.properties);
    if (replaces) {
      update.superseded.push(logicalId);
      delete next.physicalId;
      this.#note(stack, next, 'UPDATE_IN_PROGRESS', 'Requested update requires the creation of a new physical resource; hence creating one.');
    } else {
      this.#note(stack, next, 'UPDATE_IN_PROGRESS');
    }
    const reason = replaces
      ? await this.#actions.create(stack, next, cancellation)
      : await this.#actions.update(stack, next, old.properties, cancellation);
    if (reason !== undefined) {
      fail(reason);
      return;
    }
    if (next.physicalId !== old.physicalId) {
      // A custom resource that answers another physical id has replaced itself. Source: crpg-ref-requesttypes-update.
      if (!replaces) update.superseded.push(logicalId);
      update.replaced.push(old);
    }
    this.#note(stack, next, 'UPDATE_COMPLETE');
  }

  /** Deletes as early as the dependencies between what still exists allow; answers the logical ids that failed. */
  async #delete(stack: Stack, resources: readonly StackResource[], policy: (resource: StackResource) => RetainOrDelete): Promise<string[]> {
    const keyed = new Map(resources.map((resource, index) => [`${resource.logicalId}#${index}`, resource]));
    const dependants = (resource: StackResource): string[] =>
      [...keyed].filter(([, other]) => other !== resource && other.dependsOn.includes(resource.logicalId)).map(([key]) => key);
    const failed: string[] = [];
    await schedule({
      waitsFor: new Map([...keyed].map(([key, resource]) => [key, dependants(resource)])),
      eager: () => true,
      random: this.#aws.random,
      work: async (key) => {
        const resource = keyed.get(key);
        const reason = resource && (await this.#deleteOne(stack, resource, policy(resource)));
        if (resource && reason !== undefined) failed.push(resource.logicalId);
        return reason === undefined;
      },
    });
    return failed;
  }

  async #deleteOne(stack: Stack, resource: StackResource, policy: RetainOrDelete): Promise<string | undefined> {
    const forget = (): void => {
      if (stack.resources[resource.logicalId] === resource) delete stack.resources[resource.logicalId];
      stack.leftovers = stack.leftovers.filter((leftover) => leftover !== resource);
    };
    if (resource.physicalId === undefined) {
      forget();
      return undefined;
    }
    if (policy === 'Retain') {
      this.#note(stack, resource, 'DELETE_SKIPPED');
      forget();
      return undefined;
    }
    this.#note(stack, resource, 'DELETE_IN_PROGRESS');
    const reason = await this.#actions.delete(stack, resource);
    this.#note(stack, resource, reason === undefined ? 'DELETE_COMPLETE' : 'DELETE_FAILED', reason);
    if (reason === undefined) forget();
    return reason;
  }

  #writeOutputs(stack: Stack, { template, parameters }: Wanted, scope: Scope): string | undefined {
    try {
      stack.outputs = stackOutputs(template, scope);
      stack.parameters = parameters;
      return undefined;
    } catch (error) {
      if (error instanceof AwsError) return `${error.message}. `;
      throw error;
    }
  }

  #scope(stack: Stack, { template, parameters }: Wanted): Scope {
    return stackScope(this.#aws, stack, template, parameters);
  }
}

/** What an update has done so far, and what was before. */
class StackUpdate {
  readonly before: Record<string, StackResource>;
  /** Resources whose change was begun, so that a rollback must undo it. */
  readonly touched: string[] = [];
  /** Those among them that got a new physical resource. */
  readonly superseded: string[] = [];
  /** The old physical resources, to be deleted in the cleanup. */
  readonly replaced: StackResource[] = [];

  constructor(stack: Stack) {
    this.before = structuredClone(stack.resources);
  }
}

function declaredResource(template: Template, logicalId: string, dependsOn: string[]): StackResource {
  return { logicalId, status: '', attributes: {}, properties: {}, ...declaredPart(template, logicalId, dependsOn) };
}

function declaredPart(
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
function resolveInto(resource: StackResource, template: Template, scope: Scope): string | undefined {
  try {
    const resolved: Json = evaluate(template.resources[resource.logicalId]?.properties ?? {}, scope) ?? {};
    resource.properties = (isCustomResource(resource.type) ? stringified(resolved) : resolved) as JsonObject;
    return undefined;
  } catch (error) {
    if (error instanceof AwsError) return error.message;
    throw error;
  }
}

function sameJson(left: Json, right: Json): boolean {
  return JSON.stringify(sorted(left)) === JSON.stringify(sorted(right));
}

/** The order of keys in a map is no difference. */
function sorted(json: Json): Json {
  if (Array.isArray(json)) return json.map(sorted);
  if (typeof json !== 'object' || json === null) return json;
  return Object.fromEntries(
    Object.entries(json)
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([key, value]) => [key, sorted(value)]),
  );
}

function reasonOf({ create, update }: Failures): string | undefined {
  const created = create.length > 0 ? `The following resource(s) failed to create: [${create.join(', ')}]. ` : '';
  const updated = update.length > 0 ? `The following resource(s) failed to update: [${update.join(', ')}]. ` : '';
  return `${created}${updated}` || undefined;
}
