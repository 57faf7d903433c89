import type { JsonObject, LocalAws } from '../aws';
import { AwsError, NotModelled } from '../errors';
import { timings } from '../timings';
import { isCustomResource, type CustomResourceOutcome, type CustomResourceRequest, type CustomResources } from './custom-resource';
import { generatedName } from './generated-name';
import type { MadeResource, ResourceContext, ResourceHandler } from './resource-handler';
import type { Stack, StackResource } from './stack';

/** Tells the resources in progress that another one failed. */
export class Cancellation {
  requested = false;
  readonly promise: Promise<void>;
  #resolve: () => void = () => undefined;

  constructor() {
    this.promise = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  request(): void {
    this.requested = true;
    this.#resolve();
  }
}

/** Makes, changes and deletes single resources. Each action answers undefined, or the reason why it failed. */
export class ResourceActions {
  readonly #aws: LocalAws;
  readonly #handlers: ReadonlyMap<string, ResourceHandler>;
  readonly #customResources: CustomResources;

  constructor(aws: LocalAws, handlers: ReadonlyMap<string, ResourceHandler>, customResources: CustomResources) {
    this.#aws = aws;
    this.#handlers = handlers;
    this.#customResources = customResources;
  }

  /** Whether a change of these properties makes CloudFormation replace the resource. */
  replaces(resource: StackResource, properties: JsonObject): boolean {
    if (isCustomResource(resource.type)) return false;
    const handler = this.#handler(resource);
    const { properties: before } = resource;
    return handler.replacedBy.some((name) => JSON.stringify(before[name]) !== JSON.stringify(properties[name])) || (handler.replacedWhen?.(before, properties) ?? false);
  }

  /** Makes the resource and writes its physical id and attributes into it. */
  async create(stack: Stack, resource: StackResource, cancellation: Cancellation): Promise<string | undefined> {
    if (isCustomResource(resource.type)) {
      const request = { requestType: 'Create' as const, ...requestOf(stack, resource) };
      const outcome = await this.#customResources.send(request, cancellation.promise);
      // Without an id of the function's, CloudFormation makes one up and sends it with Delete. Source: aws-cdk PR #36951.
      resource.physicalId = outcome.physicalId ?? generatedName(this.#aws, { stackName: stack.name, logicalId: resource.logicalId });
      resource.attributes = outcome.data;
      return outcome.cancelled ? 'Resource creation cancelled' : failureOf(outcome);
    }
    await this.#aws.clock.sleep(timings.cloudFormationResource);
    if (cancellation.requested) return 'Resource creation cancelled';
    return this.#handled(async () => {
      remember(resource, await this.#handler(resource).create(resource.properties, contextOf(stack, resource)));
    });
  }

  /**
   * Changes the resource in place to the properties that it now holds.
   * @param oldProperties what a custom resource is told of the time before
   */
  async update(stack: Stack, resource: StackResource, oldProperties: JsonObject, cancellation: Cancellation): Promise<string | undefined> {
    const physicalId = resource.physicalId ?? '';
    if (isCustomResource(resource.type)) {
      const request = { requestType: 'Update' as const, ...requestOf(stack, resource), physicalId, oldProperties };
      const outcome = await this.#customResources.send(request, cancellation.promise);
      resource.physicalId = outcome.physicalId ?? physicalId;
      if (outcome.succeeded) resource.attributes = outcome.data;
      return outcome.cancelled ? 'Resource update cancelled' : failureOf(outcome);
    }
    await this.#aws.clock.sleep(timings.cloudFormationResource);
    if (cancellation.requested) return 'Resource update cancelled';
    return this.#handled(async () => {
      remember(resource, await this.#handler(resource).update(physicalId, resource.properties, contextOf(stack, resource)));
    });
  }

  async delete(stack: Stack, resource: StackResource): Promise<string | undefined> {
    const physicalId = resource.physicalId ?? '';
    if (isCustomResource(resource.type))
      return failureOf(await this.#customResources.send({ requestType: 'Delete', ...requestOf(stack, resource), physicalId }));
    await this.#aws.clock.sleep(timings.cloudFormationResource);
    return this.#handled(async () => {
      await this.#handler(resource).delete(physicalId, contextOf(stack, resource));
    });
  }

  /** What AWS refuses fails the resource; what the simulator does not model ends the rehearsal. */
  async #handled(action: () => Promise<void>): Promise<string | undefined> {
    try {
      await action();
      return undefined;
    } catch (error) {
      if (error instanceof AwsError) return `Resource handler returned message: "${error.message}" (HandlerErrorCode: ${error.code})`;
      throw error;
    }
  }

  #handler(resource: StackResource): ResourceHandler {
    const handler = this.#handlers.get(resource.type);
    if (!handler) throw new NotModelled(`resource type ${resource.type}`);
    return handler;
  }
}

function failureOf({ succeeded, reason }: CustomResourceOutcome): string | undefined {
  return succeeded ? undefined : (reason ?? '');
}

function remember(resource: StackResource, made: MadeResource): void {
  resource.physicalId = made.id;
  if (made.ref !== undefined) resource.ref = made.ref;
  resource.attributes = made.attributes ?? {};
}

function contextOf(stack: Stack, resource: StackResource): ResourceContext {
  return { stackName: stack.name, stackId: stack.id, logicalId: resource.logicalId };
}

function requestOf(stack: Stack, resource: StackResource): Pick<CustomResourceRequest, 'operation' | 'stackId' | 'logicalId' | 'type' | 'properties'> {
  return { operation: stack.operations, stackId: stack.id, logicalId: resource.logicalId, type: resource.type, properties: resource.properties };
}
