import type { Json, JsonObject, LocalAws } from '../aws';
import { AwsError, NotModelled } from '../errors';
import type { Caller } from '../iam/iam';
import { fromJson, isObject, textOf } from './paths';
import { runtimeError, StateError } from './state-error';

/**
 * The optimized integration `lambda:invoke`. Source: Step Functions Developer Guide, connect-lambda.
 * @throws StateError as `callFunction`
 */
export async function invokeFunction(aws: LocalAws, caller: Caller, parameters: JsonObject): Promise<Json> {
  const unknown = Object.keys(parameters).find((field) => !['FunctionName', 'Payload'].includes(field));
  if (unknown !== undefined) throw new NotModelled(`parameter ${unknown} of lambda:invoke`);
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
  const answer = await invoke(aws, caller, functionName, event);
  const payload = textOf(answer.Payload ?? 'null');
  const result = fromJson(payload);
  if (answer.FunctionError === undefined) return result;
  const type = isObject(result) ? result.errorType : undefined;
  // Source: concepts-error-handling: an error that Lambda itself cannot name is Lambda.Unknown.
  throw new StateError(typeof type === 'string' ? type : 'Lambda.Unknown', payload);
}

async function invoke(aws: LocalAws, caller: Caller, FunctionName: string, payload: Json): Promise<JsonObject> {
  try {
    return await aws.call(caller, 'lambda', 'Invoke', { FunctionName, InvocationType: 'RequestResponse', Payload: JSON.stringify(payload) });
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const detail = `(Service: AWSLambda; Status Code: ${error.statusCode}; Error Code: ${error.code}; Request ID: ${aws.uuid()}; Proxy: null)`;
    throw new StateError(`Lambda.${errorClass(error.code)}`, `${error.message} ${detail}`);
  }
}

/**
 * This integration is older than the others and shows classes of the Java SDK v1: what the Lambda API's model does
 * not list (access denied) is its base class. Source: Developer Guide, concepts-error-handling and connect-lambda.
 */
function errorClass(code: string): string {
  const listed = ['ServiceException', 'TooManyRequestsException', 'ResourceNotFoundException', 'InvalidRequestContentException', 'RequestTooLargeException', 'SdkClientException'];
  return listed.includes(code) ? code : 'AWSLambdaException';
}
