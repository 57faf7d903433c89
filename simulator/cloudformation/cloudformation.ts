import type { LocalAws } from '../aws';
import { AwsError, NotModelled } from '../errors';
import { CustomResources, type Answer, type CustomResourceEndpoint } from './custom-resource';
import { parameterValues } from './parameters';
import { ResourceActions } from './resource-actions';
import type { ResourceHandler } from './resource-handler';
import type { Stack, StackEvent, StackResource } from './stack';
import { StackOperations, type Wanted } from './stack-operations';
import { parseTemplate } from './template';

export interface CloudFormationOptions {
  endpoint: CustomResourceEndpoint;
  handlers: readonly ResourceHandler[];
  /** Whether a parameter of an AWS type, e.g. `AWS::EC2::Instance::Id`, names something that is there. */
  exists: (type: string, value: string) => boolean;
}

export interface StackInput {
  stackName: string;
  /** YAML or JSON. */
  templateBody: string;
  /** The body comes from a bucket, so that up to 1 MB is allowed. Default false. */
  fromS3?: boolean;
  parameters?: Readonly<Record<string, string>>;
}

export interface CreateStackInput extends StackInput {
  /** Default ROLLBACK. */
  onFailure?: 'ROLLBACK' | 'DO_NOTHING';
}

/** Plays templates: stacks are made, changed and deleted in virtual time. */
export class CloudFormation {
  readonly name = 'cloudformation';
  readonly state: { stacks: Stack[]; customResources: CustomResources['state'] };
  readonly #aws: LocalAws;
  readonly #exists: CloudFormationOptions['exists'];
  readonly #handlers: ReadonlyMap<string, ResourceHandler>;
  readonly #customResources: CustomResources;
  readonly #operations: StackOperations;
  readonly #listeners: ((event: StackEvent) => void)[] = [];

  constructor(aws: LocalAws, { endpoint, handlers, exists }: CloudFormationOptions) {
    this.#aws = aws;
    this.#exists = exists;
    this.#handlers = new Map(handlers.map((handler) => [handler.type, handler]));
    this.#customResources = new CustomResources(aws, endpoint);
    const actions = new ResourceActions(aws, this.#handlers, this.#customResources);
    this.#operations = new StackOperations(aws, actions, (...noted) => {
      this.#note(...noted);
    });
    this.state = { stacks: [], customResources: this.#customResources.state };
  }

  /** Every PUT to a ResponseURL that was rightly signed, in order; those that `refusePuts` refused are not there. */
  get answers(): readonly Answer[] {
    return this.#customResources.state.answers;
  }

  /** Refuses the next PUTs of an answer, though rightly signed, with an HTTP status: nothing of them is kept. */
  refusePuts(times: number, status: number): void {
    this.#customResources.state.toRefuse = { puts: times, status };
  }

  /** Calls the listener with every stack event from now on. */
  onEvent(listener: (event: StackEvent) => void): void {
    this.#listeners.push(listener);
  }

  /** The newest stack of the name, also a deleted one. @throws AwsError ValidationError when there never was one */
  stack(stackName: string): Stack {
    const stack = this.state.stacks.findLast(({ name }) => name === stackName);
    if (!stack) throw new AwsError('ValidationError', `Stack with id ${stackName} does not exist`);
    return stack;
  }

  /**
   * Makes a stack; resolves when it has ended, well or not, or was called off by a delete: see its status. Source: CreateStack.
   * @throws AwsError AlreadyExistsException, ValidationError; NotModelled
   */
  async createStack(input: CreateStackInput): Promise<Stack> {
    const { stackName, templateBody, fromS3 = false, onFailure = 'ROLLBACK' } = input;
    if (!/^[A-Za-z][-A-Za-z0-9]{0,127}$/.test(stackName))
      throw new AwsError('ValidationError', `1 validation error detected: Value '${stackName}' at 'stackName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*`);
    if (this.state.stacks.some(({ name, status }) => name === stackName && status !== 'DELETE_COMPLETE'))
      throw new AwsError('AlreadyExistsException', `Stack [${stackName}] already exists`);
    const wanted = this.#wanted(input);
    const stack: Stack = {
      name: stackName,
      id: this.#aws.arn('cloudformation', `stack/${stackName}/${this.#aws.uuid()}`),
      status: '',
      body: templateBody,
      fromS3,
      parameters: wanted.parameters,
      resources: {},
      leftovers: [],
      outputs: {},
      events: [],
    };
    // Cycles and the like are refused before there is a stack.
    this.#operations.dependencies(stack, wanted);
    this.state.stacks.push(stack);
    await this.#operations.create(stack, wanted, onFailure);
    return stack;
  }

  /**
   * Changes a stack; resolves when it has ended, well or not: see its status. Source: UpdateStack.
   * @throws AwsError ValidationError, also when nothing would change; NotModelled
   */
  async updateStack(input: StackInput): Promise<Stack> {
    const stack = this.stack(input.stackName);
    if (!['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE'].includes(stack.status))
      throw new AwsError('ValidationError', `Stack:${stack.id} is in ${stack.status} state and can not be updated.`);
    const wanted = this.#wanted(input);
    const current = parseTemplate(stack.body, this.#handlers, stack.fromS3);
    if (JSON.stringify([current, stack.parameters]) === JSON.stringify([wanted.template, wanted.parameters]))
      throw new AwsError('ValidationError', 'No updates are to be performed.');
    const retyped = Object.values(stack.resources).filter(({ logicalId, type }) => (wanted.template.resources[logicalId]?.type ?? type) !== type);
    if (retyped.length > 0) {
      const names = retyped.map(({ logicalId }) => logicalId).join(', ');
      throw new AwsError('ValidationError', `Update of resource type is not permitted. The new template modifies resource type of the following resources: [${names}]`);
    }
    this.#operations.dependencies(stack, wanted);
    await this.#operations.update(stack, wanted, { body: input.templateBody, fromS3: input.fromS3 ?? false });
    return stack;
  }

  /**
   * Calls off an update and goes back to what was before, while a custom resource's function may still be at work (aws-cdk#31541).
   * Returns at once, as the API does; `updateStack` resolves when the rollback has ended. Source: CancelUpdateStack.
   * @throws AwsError ValidationError unless the stack is UPDATE_IN_PROGRESS
   */
  cancelUpdateStack(stackName: string): void {
    const stack = this.stack(stackName);
    if (stack.status !== 'UPDATE_IN_PROGRESS') throw new AwsError('ValidationError', 'CancelUpdateStack cannot be called from current stack status');
    void this.#operations.callOff(stack);
  }

  /**
   * Deletes a stack; one that is not there is no error. Resolves when it has ended, well or not: see its status. Source: DeleteStack.
   * A create that is under way is called off: a custom resource gets a Delete with a made-up physical id while its Create may still be at work (aws-cdk#26139).
   * @param retainResources logical ids to leave alone, only for a stack in DELETE_FAILED
   * @throws AwsError ValidationError while an update runs; NotModelled while a rollback or another delete runs
   */
  async deleteStack(stackName: string, { retainResources = [] }: { retainResources?: readonly string[] } = {}): Promise<Stack | undefined> {
    const stack = this.state.stacks.findLast(({ name, status }) => name === stackName && status !== 'DELETE_COMPLETE');
    if (!stack) return undefined;
    // Source: the error as aws/aws-toolkit-azure-devops#317 and aws-amplify/amplify-backend#2366 quote it: an update is cancelled first.
    if (/^UPDATE_.*IN_PROGRESS$/.test(stack.status)) throw new AwsError('ValidationError', `Stack [${stack.id}] cannot be deleted while in status ${stack.status}`);
    if (stack.status !== 'CREATE_IN_PROGRESS' && stack.status.endsWith('_IN_PROGRESS')) throw new NotModelled(`deleting a stack that is ${stack.status}`);
    if (retainResources.length > 0 && stack.status !== 'DELETE_FAILED')
      throw new AwsError('ValidationError', `Invalid operation on stack [${stack.id}]. When specifying RetainResources, the stack must be in the DELETE_FAILED state`);
    const unknown = retainResources.find((logicalId) => !stack.resources[logicalId]);
    if (unknown !== undefined) throw new AwsError('ValidationError', `The specified resource ${unknown} does not exist in stack ${stackName}`);
    await this.#operations.delete(stack, retainResources);
    return stack;
  }

  /** Delivers a custom resource's request a second time. @throws AwsError of the invocation */
  redeliver(requestId: string): Promise<void> {
    return this.#customResources.redeliver(requestId);
  }

  #wanted({ templateBody, fromS3 = false, parameters = {} }: StackInput): Wanted {
    const template = parseTemplate(templateBody, this.#handlers, fromS3);
    return { template, parameters: parameterValues(template.parameters, parameters, this.#exists) };
  }

  #note(stack: Stack, resource: StackResource | undefined, status: string, reason?: string): void {
    if (resource) {
      resource.status = status;
    } else {
      stack.status = status;
      if (reason === undefined) delete stack.statusReason;
      else stack.statusReason = reason;
    }
    const event: StackEvent = {
      time: this.#aws.clock.now,
      logicalId: resource?.logicalId ?? stack.name,
      physicalId: resource ? (resource.physicalId ?? '') : stack.id,
      type: resource?.type ?? 'AWS::CloudFormation::Stack',
      status,
      ...(reason !== undefined && { reason }),
    };
    stack.events.push(event);
    for (const listener of this.#listeners) listener(event);
  }
}
