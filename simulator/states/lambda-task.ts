import type { Json, JsonObject, LocalAws } from '../aws';
import type { Caller } from '../iam/iam';
import { onlyFields } from '../only-fields';
import { callOptimized } from './optimized-call';
import { fromJson, isObject, textOf } from './paths';
import { runtimeError, StateError } from './state-error';

const lambda = {
  service: 'lambda',
  prefix: 'Lambda',
  sdkName: 'AWSLambda',
  // CodeArtifactUserPendingException is not in the API's model, but arrives under its own name (Klayers#210). [C]
  modelled: [
    'ServiceException',
    'TooManyRequestsException',
    'ResourceNotFoundException',
    'InvalidRequestContentException',
    'RequestTooLargeException',
    'ResourceConflictException',
    'ResourceNotReadyException',
    'CodeArtifactUserPendingException',
  ],
};

/**
 * The optimized integration `lambda:invoke`. Source: Step Functions Developer Guide, connect-lambda.
 * @throws StateError as `callFunction`
 */
export async function invokeFunction(aws: LocalAws, caller: Caller, parameters: JsonObject): Promise<Json> {
  onlyFields(parameters, ['FunctionName', 'Payload'], 'lambda:invoke');
  const { FunctionName, Payload = {} } = parameters;
  if (typeof FunctionName !== 'string') throw runtimeError('FunctionName must be a string');
  return { ExecutedVersion: '$LATEST', Payload: await callFunction(aws, caller, FunctionName, Payload), StatusCode: 200 };
}

/**
 * A function by its own ARN: the state's input is its event, and its answer the result.
 * Source: Developer Guide, connect-lambda ("specify a Lambda function directly in the Resource field").
 * @throws StateError named by the function's own error, or `Lambda.…` where the invocation itself fails
 */
export async function callFunction(aws: LocalAws, caller: Caller, functionName: string, event: Json): Promise<Json> {
  const input = { FunctionName: functionName, InvocationType: 'RequestResponse', Payload: JSON.stringify(event) };
  const answer = await callOptimized(aws, caller, lambda, 'Invoke', input);
  const payload = textOf(answer.Payload ?? 'null');
  const result = fromJson(payload);
  if (answer.FunctionError === undefined) return result;
  const type = isObject(result) ? result.errorType : undefined;
  // Source: concepts-error-handling: an error that Lambda itself cannot name is Lambda.Unknown.
  throw new StateError(typeof type === 'string' ? type : 'Lambda.Unknown', payload);
}
