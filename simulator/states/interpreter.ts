import type { Json, JsonObject, LocalAws } from '../aws';
import type { Release } from '../clock';
import { AwsError } from '../errors';
import type { Caller } from '../iam/iam';
import { timings } from '../timings';
import { ruleHolds } from './choice';
import type { Catcher, ChoiceState, Definition, FailState, PassState, State, TaskState, WaitState } from './definition';
import type { ExecutionRecord } from './execution-record';
import { evaluate, parseExpression } from './intrinsics';
import { callFunction, invokeFunction } from './lambda-task';
import { runNested, type NestedExecutions } from './nested-task';
import { fromJson, isObject, readPath, writePath, type Scope, textOf } from './paths';
import { fillTemplate } from './payload-template';
import { parseResource } from './resource-arn';
import { matchesError, retryDelay } from './retry';
import { callSdk } from './sdk-task';
import { runtimeError, StateError } from './state-error';

/** Source: Step Functions Developer Guide, service-quotas. */
const mostEvents = 25_000;
const largestData = 262_144;

/** What the interpreter needs of the world around one execution. */
export interface Surroundings {
  aws: LocalAws;
  roleArn: string;
  nested: NestedExecutions;
  /** Whether the state machine is being deleted. */
  deleting: () => boolean;
  /** Told of each state when it is entered. */
  entered: (name: string) => void;
}

/** How an execution ended other than by a stop from outside. */
export type Outcome = { status: 'SUCCEEDED'; output: string } | { status: 'FAILED' | 'ABORTED'; error?: string; cause?: string };

/** What follows a state: another one with its input, or the end. */
type Step = { next: string; input: Json } | Outcome;

/**
 * Plays one execution in virtual time. Source: Amazon States Language specification; Developer Guide, concepts-error-handling.
 * It writes the states entered and the history into the execution's record, and reads nothing from there but the input.
 */
export class Interpreter {
  #interrupt: ((reason: Error) => void) | undefined;
  readonly #interrupted: Promise<never>;
  /** When the current state was entered, and how often it was retried: for the context object. */
  #entered = 0;
  #retries = 0;

  constructor(
    readonly around: Surroundings,
    readonly definition: Definition,
    readonly record: ExecutionRecord,
  ) {
    this.#interrupted = new Promise<never>((_resolve, reject) => {
      this.#interrupt = reject;
    });
    // Whoever waits races against it; with nobody waiting, an interruption is no unhandled rejection.
    this.#interrupted.catch(() => undefined);
  }

  /** Ends the play at once; what the current task has started goes on by itself. */
  interrupt(reason: Error): void {
    this.#interrupt?.(reason);
  }

  /**
   * Plays the execution to its end.
   * @throws the reason of an interruption; NotModelled
   */
  async play(): Promise<Outcome> {
    try {
      this.#note('ExecutionStarted', { input: this.record.input });
      let name = this.definition.StartAt;
      let input = fromJson(this.record.input);
      for (;;) {
        const step = await this.#enter(name, input);
        if ('status' in step) return step;
        name = step.next;
        input = step.input;
      }
    } catch (error) {
      if (!(error instanceof StateError)) throw error;
      return { status: 'FAILED', error: error.error, cause: error.cause };
    }
  }

  async #enter(name: string, input: Json): Promise<Step> {
    const { aws, deleting } = this.around;
    await this.#unlessInterrupted(aws.clock.sleep(timings.stateTransition));
    // "On the next state transition, the state machine's executions are terminated" (API Reference, DeleteStateMachine).
    if (deleting()) return { status: 'ABORTED' };
    const state = this.definition.States[name];
    if (!state) throw new Error(`The definition has no state ${name}`);
    this.#entered = aws.clock.now;
    this.#retries = 0;
    this.record.path.push(name);
    this.#note(`${state.Type}StateEntered`, { name, input: JSON.stringify(input) });
    this.around.entered(name);
    try {
      const step = await this.#run(name, state, input);
      if (state.Type !== 'Fail') this.#note(`${state.Type}StateExited`, { name, output: JSON.stringify('input' in step ? step.input : null) });
      return step;
    } catch (error) {
      throw error instanceof StateError && error.error === 'States.Runtime' ? runtimeError(`An error occurred while executing the state '${name}'. ${error.cause}`) : error;
    }
  }

  #run(name: string, state: State, raw: Json): Step | Promise<Step> {
    if (state.Type === 'Fail') return this.#fail(state, this.#scope(name, raw));
    const input = select(state.InputPath, this.#scope(name, raw));
    const scope = this.#scope(name, input);
    switch (state.Type) {
      case 'Task':
        return this.#task(name, state, raw, scope);
      case 'Pass':
        return this.#pass(name, state, raw, scope);
      case 'Wait':
        return this.#wait(name, state, scope);
      case 'Choice':
        return this.#choose(name, state, scope);
      case 'Succeed':
        return this.#onward(name, { ...state, End: true }, input);
    }
  }

  #pass(name: string, state: PassState, raw: Json, scope: Scope): Step {
    const result = state.Result ?? (state.Parameters === undefined ? scope.data : fillTemplate(state.Parameters, scope));
    return this.#onward(name, state, place(state.ResultPath, raw, result));
  }

  async #wait(name: string, state: WaitState, scope: Scope): Promise<Step> {
    const seconds = state.Seconds ?? readPath(state.SecondsPath ?? '$', scope);
    if (typeof seconds !== 'number' || seconds < 0) throw runtimeError(`The SecondsPath parameter does not reference a number of seconds: ${JSON.stringify(seconds)}`);
    await this.#unlessInterrupted(this.around.aws.clock.sleep(seconds * 1000));
    return this.#onward(name, state, scope.data);
  }

  #choose(name: string, state: ChoiceState, scope: Scope): Step {
    const chosen = state.Choices.find((rule) => ruleHolds(rule, scope));
    const next = chosen?.Next ?? state.Default;
    // Source: concepts-error-handling (States.NoChoiceMatched).
    if (typeof next !== 'string') throw new StateError('States.NoChoiceMatched', `No choice matched in the state '${name}'`);
    return { next, input: this.#within(select(state.OutputPath, scope)) };
  }

  #fail(state: FailState, scope: Scope): Outcome {
    const error = state.ErrorPath === undefined ? state.Error : textOf(evaluate(parseExpression(state.ErrorPath), scope));
    const cause = state.CausePath === undefined ? state.Cause : textOf(evaluate(parseExpression(state.CausePath), scope));
    return { status: 'FAILED', ...(error !== undefined && { error }), ...(cause !== undefined && { cause }) };
  }

  async #task(name: string, state: TaskState, raw: Json, scope: Scope): Promise<Step> {
    // Each retrier counts for itself, within one visit of the state.
    const attempts = new Map<object, number>();
    for (;;) {
      try {
        const result = this.#within(await this.#attempt(name, state, scope));
        const selected = state.ResultSelector === undefined ? result : fillTemplate(state.ResultSelector, this.#scope(name, result));
        return this.#onward(name, state, place(state.ResultPath, raw, selected));
      } catch (error) {
        if (!(error instanceof StateError)) throw error;
        this.#note(`${taskEvents(state.Resource)}${error.error === 'States.Timeout' ? 'TimedOut' : 'Failed'}`, { error: error.error, cause: error.cause });
        const retrier = state.Retry?.find(({ ErrorEquals }) => matchesError(ErrorEquals, error.error));
        const made = retrier ? (attempts.get(retrier) ?? 0) : 0;
        if (retrier && made < (retrier.MaxAttempts ?? 3)) {
          attempts.set(retrier, made + 1);
          await this.#unlessInterrupted(this.around.aws.clock.sleep(retryDelay(retrier, made + 1, this.around.aws.random)));
          this.#retries++;
          continue;
        }
        const catcher = state.Catch?.find(({ ErrorEquals }) => matchesError(ErrorEquals, error.error));
        if (!catcher) throw error;
        return this.#caught(catcher, raw, error);
      }
    }
  }

  /** Source: concepts-error-handling: the error output goes to the catcher's ResultPath in the state's raw input. */
  #caught(catcher: Catcher, raw: Json, { error, cause }: StateError): Step {
    return { next: catcher.Next, input: this.#within(place(catcher.ResultPath, raw, { Error: error, Cause: cause })) };
  }

  async #attempt(name: string, state: TaskState, scope: Scope): Promise<Json> {
    const parameters = state.Parameters === undefined ? scope.data : fillTemplate(state.Parameters, this.#scope(name, scope.data));
    this.#note(`${taskEvents(state.Resource)}Scheduled`, { resource: state.Resource, parameters: JSON.stringify(parameters) });
    const work = this.#carryOut(state.Resource, parameters);
    const result = await this.#unlessInterrupted(state.TimeoutSeconds === undefined ? work : this.#inTime(work, state.TimeoutSeconds));
    this.#note(`${taskEvents(state.Resource)}Succeeded`, { output: JSON.stringify(result) });
    return result;
  }

  async #carryOut(resource: string, parameters: Json): Promise<Json> {
    const { aws, nested } = this.around;
    const task = parseResource(resource);
    if (!task) throw runtimeError(`The provided ARN '${resource}' is invalid.`);
    const caller = this.#assumeRole();
    if (task.kind === 'function') return callFunction(aws, caller, task.arn, parameters);
    // Only a function's event may be anything.
    if (!isObject(parameters)) throw runtimeError('The parameters of a task must be an object');
    switch (task.kind) {
      case 'lambda':
        return invokeFunction(aws, caller, parameters);
      case 'nested':
        return runNested(aws, caller, parameters, nested);
      case 'sdk':
        return callSdk(aws, caller, task.service, task.operation, parameters);
    }
  }

  #assumeRole(): Caller {
    try {
      return this.around.aws.iam.assume('states.amazonaws.com', this.around.roleArn, this.record.machineArn);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      // Source: concepts-error-handling (States.Permissions: insufficient privileges to run the code).
      throw new StateError('States.Permissions', error.message);
    }
  }

  /** A task that is late is given up; what it started goes on. Source: state-task (TimeoutSeconds). */
  async #inTime(work: Promise<Json>, seconds: number): Promise<Json> {
    let release: Release | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      release = this.around.aws.clock.after(seconds * 1000, () => {
        this.around.nested.givenUp();
        reject(new StateError('States.Timeout', ''));
      });
    });
    try {
      return await Promise.race([work, late]);
    } finally {
      release?.();
    }
  }

  #onward(name: string, state: { OutputPath?: string | null; Next?: string; End?: boolean }, data: Json): Step {
    const output = this.#within(select(state.OutputPath, this.#scope(name, data)));
    return state.Next === undefined ? { status: 'SUCCEEDED', output: JSON.stringify(output) } : { next: state.Next, input: output };
  }

  #within(data: Json): Json {
    if (Buffer.byteLength(JSON.stringify(data)) <= largestData) return data;
    throw new StateError('States.DataLimitExceeded', 'The data exceeds the maximum number of 262144 bytes.');
  }

  #unlessInterrupted<T>(work: Promise<T>): Promise<T> {
    return Promise.race([work, this.#interrupted]);
  }

  #note(type: string, details: JsonObject): void {
    const { history } = this.record;
    if (history.length >= mostEvents) throw runtimeError(`The execution reached the maximum number of history events (${mostEvents}).`);
    history.push({ time: this.around.aws.clock.now, type, details });
  }

  /** Source: Developer Guide, input-output-contextobject. */
  #scope(stateName: string, data: Json): Scope {
    const { arn, name, input, startTime, machineArn, machineName } = this.record;
    const executionInput = fromJson(input);
    const iso = (time: number): string => new Date(time).toISOString();
    return {
      data,
      context: {
        Execution: { Id: arn, Input: executionInput, Name: name, StartTime: iso(startTime) },
        State: { Name: stateName, EnteredTime: iso(this.#entered), RetryCount: this.#retries },
        StateMachine: { Id: machineArn, Name: machineName },
      },
    };
  }
}

/** The history's events of a function by its own ARN have names of their own. Source: API Reference, HistoryEvent (type). */
function taskEvents(resource: string): string {
  return parseResource(resource)?.kind === 'function' ? 'LambdaFunction' : 'Task';
}

/** InputPath or OutputPath: null is an empty object. Source: input-output-inputpath-params. */
function select(path: string | null | undefined, scope: Scope): Json {
  if (path === null) return {};
  return path === undefined ? scope.data : readPath(path, scope);
}

/**
 * Puts a result at ResultPath: null drops it. Source: input-output-resultpath.
 * @throws StateError States.ResultPathMatchFailure when the input cannot hold it
 */
function place(path: string | null | undefined, input: Json, result: Json): Json {
  if (path === null) return input;
  if (path === undefined || path === '$') return result;
  if (!isObject(input)) throw new StateError('States.ResultPathMatchFailure', `Unable to apply step "${path.slice(2)}" to input ${JSON.stringify(input)}`);
  return writePath(path, input, result);
}
