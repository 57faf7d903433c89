import { NotModelled } from '../errors';
import { sdkServices, type SdkServiceName } from './java-errors';

/** What a Task's Resource asks for. */
export type TaskResource =
  | { kind: 'lambda' }
  | { kind: 'function'; arn: string }
  | { kind: 'nested' }
  | { kind: 'sdk'; service: SdkServiceName; operation: string };

/**
 * Reads a Task's Resource: a Lambda function by its own ARN or by `lambda:invoke`, a nested execution, or an AWS SDK integration.
 * Source: Step Functions Developer Guide, integrate-services and supported-services-awssdk.
 * @returns undefined if it is no resource ARN of Step Functions at all
 * @throws NotModelled for an integration that is not modelled
 */
export function parseResource(resource: string): TaskResource | undefined {
  if (/^arn:aws[a-z-]*:lambda:[\w-]+:\d{12}:function:[\w-]+$/.test(resource)) return { kind: 'function', arn: resource };
  const [, integration] = /^arn:aws[a-z-]*:states:::(.+)$/.exec(resource) ?? [];
  if (integration === undefined) return undefined;
  if (integration === 'lambda:invoke') return { kind: 'lambda' };
  if (integration === 'states:startExecution.sync:2') return { kind: 'nested' };
  const [, service, operation] = /^aws-sdk:(\w+):(\w+)$/.exec(integration) ?? [];
  if (service === undefined || operation === undefined || !isSdkService(service)) throw new NotModelled(`task resource ${resource}`);
  return { kind: 'sdk', service, operation: operation.charAt(0).toUpperCase() + operation.slice(1) };
}

function isSdkService(name: string): name is SdkServiceName {
  return Object.hasOwn(sdkServices, name);
}
