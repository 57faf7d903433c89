import type { Json, JsonObject, LocalAws } from '../aws';
import type { Caller } from '../iam/iam';
import { onlyFields } from '../only-fields';
import { timings } from '../timings';
import { nestedExecution, type ExecutionRecord } from './execution-record';
import { sdkServices } from './java-errors';
import { callOptimized } from './optimized-call';
import { textOf } from './paths';
import { runtimeError, StateError } from './state-error';

/** What a nested task needs of the service. */
export interface NestedExecutions {
  /** Resolves with the record of an execution when it has ended. */
  ended: (executionArn: string) => Promise<ExecutionRecord>;
  /** Told as soon as the child exists, so that it can be stopped with its parent. */
  started: (executionArn: string) => void;
  /** Told when the task that waits for the child has timed out. */
  givenUp: () => void;
}

const stepFunctions = { service: 'states', prefix: 'StepFunctions', sdkName: 'AWSStepFunctions', modelled: sdkServices.sfn.modelled };

/**
 * Starts an execution of another machine and waits for its end. Source: Step Functions Developer Guide, connect-stepfunctions.
 * @throws StateError `StepFunctions.…` where it cannot start, `States.TaskFailed` where it does not succeed
 */
export async function runNested(aws: LocalAws, caller: Caller, parameters: JsonObject, executions: NestedExecutions): Promise<Json> {
  onlyFields(parameters, ['StateMachineArn', 'Input', 'Name'], 'states:startExecution');
  const { StateMachineArn, Input = {}, Name } = parameters;
  if (typeof StateMachineArn !== 'string') throw runtimeError('StateMachineArn must be a string');
  const half = timings.nestedExecution / 2 - timings.apiCall;
  await aws.clock.sleep(half);
  const input = typeof Input === 'string' ? Input : JSON.stringify(Input);
  const started = await callOptimized(aws, caller, stepFunctions, 'StartExecution', { stateMachineArn: StateMachineArn, input, ...(Name !== undefined && { name: Name }) });
  const executionArn = textOf(started.executionArn);
  executions.started(executionArn);
  const record = await executions.ended(executionArn);
  await aws.clock.sleep(half);
  // The documented policy for `.sync` has states:DescribeExecution: the result is read with it (service-integration-iam-templates).
  await callOptimized(aws, caller, stepFunctions, 'DescribeExecution', { executionArn });
  const result = nestedExecution(record);
  if (record.status !== 'SUCCEEDED') throw new StateError('States.TaskFailed', JSON.stringify(result));
  return result;
}
