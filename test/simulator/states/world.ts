import { LocalAws, type JsonObject, type Operation } from '../../../simulator/aws';
import { AwsError } from '../../../simulator/errors';
import type { AwsEvent } from '../../../simulator/events/aws-event';
import type { ExecutionRecord } from '../../../simulator/states/execution-record';
import { StepFunctions } from '../../../simulator/states/step-functions';
import { timings } from '../../../simulator/timings';
import { textOf } from '../../../simulator/states/paths';

export const trust = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { Service: 'states.amazonaws.com' }, Action: 'sts:AssumeRole' }] };

export const everything = [{ Effect: 'Allow', Action: '*', Resource: '*' }];

/** A local AWS with Step Functions and stand-ins at the wire for whatever its tasks call. */
export class World {
  readonly aws: LocalAws;
  readonly events: AwsEvent[] = [];
  readonly stepFunctions: StepFunctions;

  constructor({ seed = 1, staleReads = false } = {}) {
    this.aws = new LocalAws({ seed });
    this.stepFunctions = new StepFunctions(this.aws, (event) => this.events.push(event), { staleReads });
  }

  get now(): number {
    return this.aws.clock.now;
  }

  /** Makes a role for state machines and waits until it is effective. */
  async role(name: string, statements: JsonObject[] = everything): Promise<string> {
    const { arn } = this.aws.iam.createRole(name, trust);
    this.aws.iam.putInlinePolicies(name, name, [{ name: 'policy', document: { Version: '2012-10-17', Statement: statements } }]);
    await this.aws.clock.runTo(this.now + timings.rolePropagation);
    return arn;
  }

  /** Makes a state machine with a role of its own, which may do everything unless told otherwise. */
  async machine(name: string, definition: JsonObject, statements?: JsonObject[]): Promise<string> {
    const roleArn = await this.role(`${name}-role`, statements);
    return this.stepFunctions.createMachine({ name, definition: JSON.stringify(definition), roleArn }).arn;
  }

  /** A stand-in for one operation of a service; each call gets the next of the answers, the last one for ever. */
  serve(service: string, operation: string, answers: (JsonObject | AwsError)[], latency = 0): JsonObject[] {
    const inputs: JsonObject[] = [];
    const run: Operation['run'] = (input) => {
      inputs.push(input);
      const answer = answers[Math.min(inputs.length, answers.length) - 1];
      if (answer === undefined || answer instanceof AwsError) throw answer ?? new Error('no answer');
      return answer;
    };
    const fields = ['FunctionName', 'InvocationType', 'Payload', 'CustomKeyStoreId', 'CommandId', 'InstanceId', 'Filters'];
    this.aws.register({ name: service, state: {}, operations: { [operation]: { source: 'stand-in', fields, latency, run } } });
    return inputs;
  }

  /** Calls an operation of Step Functions as the deployer. */
  async call(operation: string, input: JsonObject): Promise<JsonObject> {
    return this.settle(this.aws.call(this.aws.iam.deployer, 'states', operation, input));
  }

  /** Lets virtual time run until the promise has settled. */
  settle<T>(promise: Promise<T>): Promise<T> {
    return this.aws.clock.runUntilSettled(promise);
  }

  /** Starts an execution and gives its record while it runs. */
  async start(machineArn: string, input: JsonObject = {}, name = 'one'): Promise<ExecutionRecord> {
    const { executionArn } = await this.call('StartExecution', { stateMachineArn: machineArn, name, input: JSON.stringify(input) });
    return this.execution(textOf(executionArn));
  }

  execution(arn: string): ExecutionRecord {
    const record = this.stepFunctions.state.executions[arn];
    if (!record) throw new Error(`There is no execution ${arn}`);
    return record;
  }

  /** Plays an execution of a definition to its end. */
  async play(definition: JsonObject, input: JsonObject = {}): Promise<ExecutionRecord> {
    const record = await this.start(await this.machine('machine', definition), input);
    return this.settle(this.stepFunctions.ended(record.arn));
  }
}

/** What a function answers to the Invoke of a state machine. */
export function returned(payload: JsonObject): JsonObject {
  return { StatusCode: 200, Payload: JSON.stringify(payload) };
}

/** What Lambda answers when the function threw. */
export function threw(errorType: string, errorMessage = 'it went wrong'): JsonObject {
  return { StatusCode: 200, FunctionError: 'Unhandled', Payload: JSON.stringify({ errorType, errorMessage, trace: [] }) };
}

/** A machine of one state. */
export function only(state: JsonObject): JsonObject {
  return { StartAt: 'Only', States: { Only: { ...(['Succeed', 'Fail', 'Choice'].includes(textOf(state.Type)) ? {} : { End: true }), ...state } } };
}

export const invoke = { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', Parameters: { FunctionName: 'fn', 'Payload.$': '$' } };
