import type { Json, JsonObject, LocalAws } from '../aws';
import { AwsError } from '../errors';
import type { Caller } from '../iam/iam';
import { sdkErrorName, sdkServices, type SdkServiceName } from './java-errors';
import { isObject } from './paths';
import { StateError } from './state-error';

/**
 * Calls an AWS API by an SDK integration. Source: Step Functions Developer Guide, supported-services-awssdk.
 * @throws StateError named by the Java SDK's class
 */
export async function callSdk(aws: LocalAws, caller: Caller, service: SdkServiceName, operation: string, parameters: JsonObject): Promise<Json> {
  // Parameters and results are PascalCase in every integration, also where the API itself writes camelCase.
  const camelCase = service === 'sfn';
  try {
    const answer = await aws.call(caller, sdkServices[service].service, operation, camelCase ? renamed(parameters, 'toLowerCase') : parameters);
    return camelCase ? renamed(answer, 'toUpperCase') : answer;
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const { prefix } = sdkServices[service];
    throw new StateError(sdkErrorName(service, error.code), `${error.message} (Service: ${prefix}, Status Code: ${error.statusCode}, Request ID: ${aws.uuid()})`);
  }
}

function renamed(object: JsonObject, casing: 'toLowerCase' | 'toUpperCase'): JsonObject {
  const convert = (value: Json): Json => (Array.isArray(value) ? value.map(convert) : isObject(value) ? renamed(value, casing) : value);
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name.charAt(0)[casing]() + name.slice(1), convert(value)]));
}
