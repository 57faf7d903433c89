import type { Json, JsonObject, LocalAws } from '../aws';
import { AwsError, NotModelled } from '../errors';
import type { Caller } from '../iam/iam';
import { timings } from '../timings';
import { nestedExecution, type ExecutionRecord } from './execution-record';
import { sdkServices } from './java-errors';
import { runtimeError, StateError } from './state-error';
import { textOf } from './paths';

/** What a nested task needs of the service. */
export interface NestedExecutions {
  /** Resolves with the record of an execution when it has ended. */
  ended: (executionArn: string) => Promise<ExecutionRecord>;
  /** Told as soon as the child exists, so that it can be stopped with its parent. */
  started: (executionArn: string) => void;
  /** Told when the task that waits for the child has timed out. */
  givenUp: () => void;
}

/**
 * Starts an execution of another machine and waits for its end. Source: Step Functions Developer Guide, connect-stepfunctions.
 * @throws StateError `StepFunctions.…` where it cannot start, `States.TaskFailed` where it does not succeed
 */
export async function runNested(aws: LocalAws, caller: Caller, parameters: JsonObject, executions: NestedExecutions): Promise<Json> {
  const unknown = Object.keys(parameters).find((field) => !['StateMachineArn', 'Input', 'Name'].includes(field));
  if (unknown !== undefined) throw new NotModelled(`parameter ${unknown} of states:startExecution`);
  const { StateMachineArn, Input = {}, Name } = parameters;
  if (typeof StateMachineArn !== 'string') throw runtimeError('StateMachineArn must be a string');
  const half = timings.nestedExecution / 2 - timings.apiCall;
  await aws.clock.sleep(half);
  const input = typeof Input === 'string' ? Input : JSON.stringify(Input);
  const started = await call(aws, caller, 'StartExecution', { stateMachineArn: StateMachineArn, input, ...(Name !== undefined && { name: Name }) });
  const executionArn = textOf(started.executionArn);
  executions.started(executionArn);
  const record = await executions.ended(executionArn);
  await aws.clock.sleep(half);
  // The documented policy for `.sync` has states:DescribeExecution: the result is read with it (service-integration-iam-templates).
  await call(aws, caller, 'DescribeExecution', { executionArn });
  const result = nestedExecution(record);
  if (record.status !== 'SUCCEEDED') throw new StateError('States.TaskFailed', JSON.stringify(result));
  return result;
}

async function call(aws: LocalAws, caller: Caller, operation: string, input: JsonObject): Promise<JsonObject> {
  try {
    return await aws.call(caller, 'states', operation, input);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const detail = `(Service: AWSStepFunctions; Status Code: ${error.statusCode}; Error Code: ${error.code}; Request ID: ${aws.uuid()}; Proxy: null)`;
    throw new StateError(`StepFunctions.${errorClass(error.code)}`, `${error.message} ${detail}`);
  }
}

/**
 * This integration shows classes of the Java SDK v1, whose base class is AWSStepFunctionsException
 * [C: so caught and retried in published state machines; no page lists the names].
 */
function errorClass(code: string): string {
  if (code === 'SdkClientException') return code;
  if (!sdkServices.sfn.modelled.includes(code)) return 'AWSStepFunctionsException';
  return code.endsWith('Exception') ? code : `${code}Exception`;
}
