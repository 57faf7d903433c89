import type { JsonObject, LocalAws } from '../aws';
import { AwsError } from '../errors';
import type { Caller } from '../iam/iam';
import { StateError } from './state-error';

/** How an optimized integration names errors. */
export interface OptimizedIntegration {
  /** The service's signing name, under which the simulator knows it. */
  service: string;
  /** The prefix of its error names. */
  prefix: string;
  /** Its name in the Java SDK v1. */
  sdkName: string;
  /** The API's own names of the errors that its model lists; any other arrives as the base class. */
  modelled: readonly string[];
}

/**
 * Calls an AWS API by an optimized integration. These are older than the SDK integrations, and their error names are
 * classes of the Java SDK v1. Source: Step Functions Developer Guide, concepts-error-handling and connect-lambda; for
 * Step Functions itself no page lists the names, which published state machines catch and retry. [C]
 * @throws StateError `<prefix>.<class>`
 */
export async function callOptimized(aws: LocalAws, caller: Caller, integration: OptimizedIntegration, operation: string, input: JsonObject): Promise<JsonObject> {
  try {
    return await aws.call(caller, integration.service, operation, input);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const detail = `(Service: ${integration.sdkName}; Status Code: ${error.statusCode}; Error Code: ${error.code}; Request ID: ${aws.uuid()}; Proxy: null)`;
    throw new StateError(`${integration.prefix}.${errorClass(integration, error.code)}`, `${error.message} ${detail}`);
  }
}

function errorClass({ sdkName, modelled }: OptimizedIntegration, code: string): string {
  if (code === 'SdkClientException') return code;
  if (!modelled.includes(code)) return `${sdkName}Exception`;
  return code.endsWith('Exception') ? code : `${code}Exception`;
}
