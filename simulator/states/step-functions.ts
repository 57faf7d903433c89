import type { Json, JsonObject, LocalAws, Operation, Service } from '../aws';
import { AwsError } from '../errors';
import type { AwsEvent } from '../events/aws-event';
import { timings } from '../timings';
import { checkRole } from './creation-checks';
import { describeExecution, type ExecutionRecord, type ExecutionStatus, type StateMachine } from './execution-record';
import { Interpreter } from './interpreter';
import { parseDefinition } from './parse-definition';
import { textOf } from './paths';
import { statusEvent } from './status-event';

/** Source: API Reference, StartExecution: a name is remembered for 90 days after its execution's end. */
const nameRemembered = 90 * 24 * 60 * 60_000;
/** Source: Developer Guide, service-quotas. */
const largestInput = 262_144;

export interface StepFunctionsOptions {
  /** ListExecutions may miss what happened in the last two seconds: it is eventually consistent. Default true. */
  staleReads?: boolean;
}

/** Told of each state that an execution enters. */
export type StateListener = (execution: Readonly<ExecutionRecord>, state: string) => void;

/** What a state machine is made or changed with. */
export interface MachineSettings {
  name: string;
  /** After substitutions. */
  definition: string;
  roleArn: string;
  logging?: JsonObject;
}

/** An execution that ends by a stop or by its machine's own time-out is interrupted with this. */
class Ended extends Error {
  override readonly name = 'Ended';
}

interface Running {
  interpreter: Interpreter;
  roleArn: string;
  /** The nested execution that the current task waits for. */
  child?: string;
}

/** AWS Step Functions: Standard workflows in JSONPath, in virtual time. */
export class StepFunctions implements Service {
  readonly name = 'states';
  readonly state: {
    machines: Record<string, StateMachine>;
    executions: Record<string, ExecutionRecord>;
    /** Of deleted machines, whose ARNs are used anew. */
    forgotten: ExecutionRecord[];
  } = { machines: {}, executions: {}, forgotten: [] };
  readonly operations: Readonly<Record<string, Operation>>;
  readonly #staleReads: boolean;
  readonly #running = new Map<string, Running>();
  readonly #waiting = new Map<string, ((record: ExecutionRecord) => void)[]>();
  readonly #listeners: StateListener[] = [];

  /** @param publish takes the events that executions send to the default bus */
  constructor(
    readonly aws: LocalAws,
    readonly publish: (event: AwsEvent) => void,
    { staleReads = true }: StepFunctionsOptions = {},
  ) {
    this.#staleReads = staleReads;
    this.operations = {
      StartExecution: operation('StartExecution', 'stateMachineArn', ['name', 'input'], (input) => this.#start(input)),
      StopExecution: operation('StopExecution', 'executionArn', ['error', 'cause'], (input) => this.#stop(input)),
      ListExecutions: operation('ListExecutions', 'stateMachineArn', ['statusFilter', 'maxResults', 'nextToken'], (input) => this.#list(input)),
      DescribeExecution: operation('DescribeExecution', 'executionArn', [], (input) => describeExecution(this.#execution(input.executionArn))),
    };
    aws.register(this);
  }

  /**
   * Makes a state machine. Source: API Reference, CreateStateMachine.
   * @throws AwsError InvalidDefinition, InvalidName, StateMachineAlreadyExists, StateMachineDeleting, AccessDeniedException
   */
  createMachine({ name, definition, roleArn, logging }: MachineSettings): StateMachine {
    if (!/^[\w-]{1,80}$/.test(name)) throw new AwsError('InvalidName', `Invalid Name: '${name}'`);
    const arn = this.aws.arn('states', `stateMachine:${name}`);
    const existing = this.state.machines[arn];
    if (existing?.deleting) throw new AwsError('StateMachineDeleting', `State Machine is being deleted: '${arn}'`);
    if (existing) throw new AwsError('StateMachineAlreadyExists', `State Machine Already Exists: '${arn}'`);
    checkRole(this.aws, arn, roleArn, parseDefinition(definition), logging);
    const machine = { arn, name, id: this.aws.uuid(), roleArn, definition, deleting: false };
    this.state.machines[arn] = machine;
    return machine;
  }

  /** Changes a state machine; running executions keep what they started with. Source: API Reference, UpdateStateMachine. */
  updateMachine(arn: string, { definition, roleArn, logging }: Omit<MachineSettings, 'name'>): StateMachine {
    const machine = this.#machine(arn);
    checkRole(this.aws, arn, roleArn, parseDefinition(definition), logging);
    Object.assign(machine, { definition, roleArn });
    return machine;
  }

  /** Deletes a state machine: its executions end at their next transition. Source: API Reference, DeleteStateMachine. */
  async deleteMachine(arn: string): Promise<void> {
    const machine = this.state.machines[arn];
    if (!machine) return;
    machine.deleting = true;
    const running = this.#executionsOf(machine).filter(({ status }) => status === 'RUNNING');
    await Promise.all(running.map((record) => this.ended(record.arn)));
    delete this.state.machines[arn];
  }

  /** Calls the listener with every state that is entered from now on. */
  onStateEntered(listener: StateListener): void {
    this.#listeners.push(listener);
  }

  /** Resolves with an execution's record when it has ended; at once if it has. */
  ended(arn: string): Promise<ExecutionRecord> {
    const record = this.#execution(arn);
    if (record.status !== 'RUNNING') return Promise.resolve(record);
    return new Promise((resolve) => {
      this.#waiting.set(arn, [...(this.#waiting.get(arn) ?? []), resolve]);
    });
  }

  #start({ stateMachineArn, name = this.aws.uuid(), input = '{}' }: JsonObject): JsonObject {
    const machine = this.#machine(stateMachineArn);
    // Source: API Reference, StartExecution (name): no white space, brackets, wildcards, quotes or control characters.
    if (typeof name !== 'string' || !/^[^\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}]{1,80}$/u.test(name)) throw new AwsError('InvalidName', `Invalid Name: '${textOf(name)}'`);
    if (typeof input !== 'string' || !isJson(input)) throw new AwsError('InvalidExecutionInput', "Invalid State Machine Execution Input: 'The input is not valid JSON'");
    if (Buffer.byteLength(input) > largestInput) throw new AwsError('ValidationException', "Value at 'input' failed to satisfy constraint: Member must have length less than or equal to 262144");
    const arn = this.aws.arn('states', `execution:${machine.name}:${name}`);
    const known = this.state.executions[arn];
    if (known?.machineId === machine.id) {
      if (known.status === 'RUNNING' && known.input === input) return { executionArn: arn, startDate: known.startTime / 1000 };
      if (known.stopTime === undefined || this.aws.clock.now - known.stopTime < nameRemembered) throw new AwsError('ExecutionAlreadyExists', `Execution Already Exists: '${arn}'`);
    }
    if (known) this.state.forgotten.push(known);
    const startTime = this.aws.clock.now;
    const record: ExecutionRecord = {
      arn, name, machineArn: machine.arn, machineName: machine.name, machineId: machine.id, status: 'RUNNING', input, startTime, path: [], history: [],
    };
    this.state.executions[arn] = record;
    this.publish(statusEvent(this.aws, record));
    void this.#play(machine, record);
    return { executionArn: arn, startDate: startTime / 1000 };
  }

  async #play(machine: StateMachine, record: ExecutionRecord): Promise<void> {
    const definition = parseDefinition(machine.definition);
    const nested = {
      ended: async (arn: string) => {
        const child = await this.ended(arn);
        delete running.child;
        return child;
      },
      started: (arn: string) => {
        running.child = arn;
      },
      // Step Functions does not promise to stop the child of a task that timed out: both happen here.
      givenUp: () => {
        if (this.aws.random() < 0.5) this.#stopChild(record, running);
        delete running.child;
      },
    };
    const entered = (state: string): void => {
      for (const listener of this.#listeners) listener(record, state);
    };
    const interpreter = new Interpreter({ aws: this.aws, roleArn: machine.roleArn, nested, deleting: () => machine.deleting, entered }, definition, record);
    const running: Running = { interpreter, roleArn: machine.roleArn };
    this.#running.set(record.arn, running);
    // Source: Developer Guide, statemachine-structure: an execution past TimeoutSeconds ends TIMED_OUT; no Catch sees it.
    const release = definition.TimeoutSeconds === undefined ? undefined : this.aws.clock.after(definition.TimeoutSeconds * 1000, () => {
      this.#end(record, 'TIMED_OUT');
    });
    try {
      const { status, ...rest } = await interpreter.play();
      this.#end(record, status, rest);
    } catch (error) {
      if (error instanceof Ended) return;
      this.aws.refuse(error, `an execution of ${record.machineName}`);
      this.#end(record, 'FAILED', { error: 'NotModelled', cause: String(error) });
    } finally {
      release?.();
    }
  }

  #stop({ executionArn, error, cause }: JsonObject): JsonObject {
    const record = this.#execution(executionArn);
    if (record.status === 'RUNNING') {
      this.#end(record, 'ABORTED', { ...(typeof error === 'string' && { error }), ...(typeof cause === 'string' && { cause }) });
    }
    return { stopDate: (record.stopTime ?? this.aws.clock.now) / 1000 };
  }

  /** Settles an execution once; what it has under way goes on, its nested execution perhaps. */
  #end(record: ExecutionRecord, status: Exclude<ExecutionStatus, 'RUNNING'>, details: { output?: string; error?: string; cause?: string } = {}): void {
    if (record.status !== 'RUNNING') return;
    Object.assign(record, { status, stopTime: this.aws.clock.now, ...details });
    record.history.push({ time: this.aws.clock.now, type: endEvents[status], details });
    const running = this.#running.get(record.arn);
    this.#running.delete(record.arn);
    if (running && (status === 'ABORTED' || status === 'TIMED_OUT')) {
      running.interpreter.interrupt(new Ended(status));
      this.#stopChild(record, running);
    }
    this.publish(statusEvent(this.aws, record));
    const waiting = this.#waiting.get(record.arn) ?? [];
    this.#waiting.delete(record.arn);
    for (const resolve of waiting) resolve(record);
  }

  /** "Best effort", with the machine's role, some seconds later. Source: Developer Guide, connect-stepfunctions (.sync). */
  #stopChild(parent: ExecutionRecord, { child, roleArn }: Running): void {
    if (child === undefined || this.state.executions[child]?.status !== 'RUNNING') return;
    this.aws.clock.after(this.aws.random() * 5_000, () => {
      const cause = `The Task state in AWS Step Functions execution [${parent.arn}] which was managing this resource was aborted`;
      this.#stopAs(roleArn, parent.machineArn, { executionArn: child, cause }).catch((error: unknown) => {
        // Nobody is told that the role may not stop it: the child goes on.
        if (!(error instanceof AwsError)) this.aws.refuse(error, `the end of an execution of ${parent.machineName}`);
      });
    });
  }

  async #stopAs(roleArn: string, machineArn: string, input: JsonObject): Promise<void> {
    await this.aws.call(this.aws.iam.assume('states.amazonaws.com', roleArn, machineArn), 'states', 'StopExecution', input);
  }

  #list({ stateMachineArn, statusFilter, maxResults = 100, nextToken = '0' }: JsonObject): JsonObject {
    const machine = this.#machine(stateMachineArn);
    // "This operation is eventually consistent" (API Reference, ListExecutions).
    const seenUntil = this.#staleReads ? this.aws.clock.now - this.aws.random() * 2_000 : this.aws.clock.now;
    const found = this.#executionsOf(machine)
      .filter(({ startTime, status, stopTime = Infinity }) => startTime <= seenUntil && (statusFilter === undefined || statusFilter === (stopTime <= seenUntil ? status : 'RUNNING')))
      .sort((one, other) => other.startTime - one.startTime);
    const from = Number(nextToken);
    const to = from + (Number(maxResults) || 100);
    const executions = found.slice(from, to).map(({ arn, name, status, startTime, stopTime }) => ({
      executionArn: arn,
      stateMachineArn: machine.arn,
      name,
      status: stopTime !== undefined && stopTime <= seenUntil ? status : 'RUNNING',
      startDate: startTime / 1000,
      ...(stopTime !== undefined && stopTime <= seenUntil && { stopDate: stopTime / 1000 }),
    }));
    return { executions, ...(to < found.length && { nextToken: String(to) }) };
  }

  #machine(arn: Json | undefined): StateMachine {
    const machine = this.state.machines[textOf(arn)];
    if (!machine) throw new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${textOf(arn)}'`);
    if (machine.deleting) throw new AwsError('StateMachineDeleting', `State Machine is being deleted: '${machine.arn}'`);
    return machine;
  }

  /** An execution of a machine that is there; a deleted machine takes its executions' history along. */
  #execution(arn: Json | undefined): ExecutionRecord {
    const record = this.state.executions[textOf(arn)];
    if (!record || this.state.machines[record.machineArn]?.id !== record.machineId) throw new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${textOf(arn)}'`);
    return record;
  }

  #executionsOf(machine: StateMachine): ExecutionRecord[] {
    return Object.values(this.state.executions).filter(({ machineId }) => machineId === machine.id);
  }
}

/** An operation on the resource that one of its fields names. */
function operation(name: string, resourceField: string, otherFields: readonly string[], run: Operation['run']): Operation {
  return {
    source: `Step Functions API, ${name}`,
    fields: [resourceField, ...otherFields],
    permissions: (input) => [{ action: `states:${name}`, resource: textOf(input[resourceField]) }],
    latency: timings.apiCall,
    run,
  };
}

const endEvents = { SUCCEEDED: 'ExecutionSucceeded', FAILED: 'ExecutionFailed', TIMED_OUT: 'ExecutionTimedOut', ABORTED: 'ExecutionAborted' } as const;

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
