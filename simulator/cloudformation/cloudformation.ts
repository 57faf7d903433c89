import type { LocalAws } from '../aws';
import { AwsError } from '../errors';
import { CustomResources, type Answer, type CustomResourceEndpoint } from './custom-resource';
import { parameterValues } from './parameters';
import { ResourceActions } from './resource-actions';
import type { ResourceHandler } from './resource-handler';
import type { Stack, StackEvent, StackResource } from './stack';
import { StackOperations } from './stack-operations';
import * as rules from './stack-rules';
import { dependenciesIn, type Note, type Wanted } from './stack-work';
import { parseTemplate } from './template';
import { usualUnknowns } from './unknowns';

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
  /** "Preserve successfully provisioned resources". Default false. Source: stack-failure-options. */
  disableRollback?: boolean;
}

export interface CreateStackInput extends StackInput {
  /** Default ROLLBACK. DO_NOTHING keeps what was made as disableRollback does, but such a stack can then only be deleted. */
  onFailure?: 'ROLLBACK' | 'DO_NOTHING';
}

/** Plays templates: stacks are made, changed and deleted in virtual time. */
export class CloudFormation {
  readonly name = 'cloudformation';
  readonly state: { stacks: Stack[]; customResources: CustomResources['state'] };
  readonly unknowns = usualUnknowns();
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
    this.#customResources = new CustomResources(aws, endpoint, this.unknowns);
    const actions = new ResourceActions(aws, this.#handlers, this.#customResources);
    const note: Note = (...noted) => {
      this.#note(...noted);
    };
    this.#operations = new StackOperations({ aws, actions, note, unknowns: this.unknowns });
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
    const { stackName, templateBody, fromS3 = false, onFailure = 'ROLLBACK', disableRollback = false } = input;
    rules.mayCreate(input, this.state.stacks);
    const wanted = this.#wanted(input);
    const stack: Stack = {
      name: stackName,
      id: this.#aws.arn('cloudformation', `stack/${stackName}/${this.#aws.uuid()}`),
      status: '',
      body: templateBody,
      fromS3,
      parameters: wanted.parameters,
      resources: {},
      outputs: {},
      events: [],
      onFailure,
      disableRollback: disableRollback || onFailure === 'DO_NOTHING',
      operations: 0,
    };
    // Cycles and the like are refused before there is a stack.
    dependenciesIn(this.#aws, stack, wanted);
    this.state.stacks.push(stack);
    await this.#operations.create(stack, wanted);
    return stack;
  }

  /**
   * Changes a stack; resolves when it has ended, well or not: see its status. Source: UpdateStack.
   * A stack in CREATE_FAILED or UPDATE_FAILED goes on from there: what failed is tried again.
   * @throws AwsError ValidationError, also when nothing would change; NotModelled
   */
  async updateStack(input: StackInput): Promise<Stack> {
    const { templateBody, fromS3 = false, disableRollback = false } = input;
    const stack = this.stack(input.stackName);
    rules.mayUpdate(stack, disableRollback);
    const wanted = this.#wanted(input);
    const current = parseTemplate(stack.body, this.#handlers, stack.fromS3);
    const same = JSON.stringify([current, stack.parameters]) === JSON.stringify([wanted.template, wanted.parameters]);
    if (same && !stack.status.endsWith('_FAILED')) throw new AwsError('ValidationError', 'No updates are to be performed.');
    rules.mayRetype(stack, wanted.template);
    dependenciesIn(this.#aws, stack, wanted);
    stack.disableRollback = disableRollback;
    await this.#operations.update(stack, wanted, { body: templateBody, fromS3 });
    return stack;
  }

  /**
   * Calls off an update and goes back to what was before, while a custom resource's function may still be at work (aws-cdk#31541).
   * Returns at once, as the API does; `updateStack` resolves when the rollback has ended. Source: CancelUpdateStack.
   * @throws AwsError ValidationError unless the stack is UPDATE_IN_PROGRESS; NotModelled when the update's rollback is disabled
   */
  cancelUpdateStack(stackName: string): void {
    const stack = this.stack(stackName);
    rules.mayCancelUpdate(stack);
    void this.#operations.callOff(stack);
  }

  /**
   * Rolls a stack back that was kept as it failed; resolves when that has ended, well or not. Source: RollbackStack.
   * @throws AwsError ValidationError unless the stack is CREATE_FAILED or UPDATE_FAILED
   */
  async rollbackStack(stackName: string): Promise<Stack> {
    const stack = this.stack(stackName);
    rules.mayRollBack(stack);
    await this.#operations.rollBack(stack);
    return stack;
  }

  /**
   * Goes on with a rollback that failed; resolves when that has ended, well or not. Source: ContinueUpdateRollback.
   * @param resourcesToSkip logical ids of resources that failed in the rollback: they count as rolled back, whatever they are
   * @throws AwsError ValidationError unless the stack is UPDATE_ROLLBACK_FAILED, and each resource to skip failed in the rollback
   */
  async continueUpdateRollback(stackName: string, { resourcesToSkip = [] }: { resourcesToSkip?: readonly string[] } = {}): Promise<Stack> {
    const stack = this.stack(stackName);
    rules.mayContinueRollback(stack, resourcesToSkip);
    await this.#operations.continueRollback(stack, resourcesToSkip);
    return stack;
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
    rules.mayDelete(stack, retainResources);
    await this.#operations.delete(stack, retainResources);
    return stack;
  }

  /** Delivers a custom resource's request a second time, however late. @throws AwsError of the invocation */
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
