import type { JsonObject } from '../aws';
import type { MadeResource, ResourceHandler } from '../cloudformation/resource-handler';
import { AwsError, NotModelled } from '../errors';
import { waitForRole } from '../iam/wait-for-role';
import { objectOf, optionalInteger, optionalText, requiredText } from '../resource-properties';
import type { EventInvokeConfig, FunctionRecord } from './function-record';
import type { Lambda } from './lambda';

/** AWS::Lambda::EventInvokeConfig. Source: CloudFormation Template Reference; PutFunctionEventInvokeConfig. */
export function eventInvokeConfigResource(lambda: Lambda): ResourceHandler {
  const put = async (fn: FunctionRecord, properties: JsonObject): Promise<MadeResource> => {
    if (requiredText(properties, 'Qualifier') !== '$LATEST') throw new NotModelled('versions and aliases of functions');
    const config = configOf(properties);
    const { onFailure } = config;
    if (onFailure !== undefined) {
      await waitForRole(lambda.aws, 'InvalidParameterValueException', () => checkDestination(lambda, fn, onFailure));
    }
    lambda.functionOf(fn.arn).eventInvokeConfig = config;
    return { id: `${fn.name}|$LATEST` };
  };
  return {
    type: 'AWS::Lambda::EventInvokeConfig',
    properties: ['FunctionName', 'Qualifier', 'MaximumRetryAttempts', 'MaximumEventAgeInSeconds', 'DestinationConfig'],
    replacedBy: ['FunctionName', 'Qualifier'],
    attributes: [],
    create(properties) {
      const fn = lambda.functionOf(requiredText(properties, 'FunctionName'));
      if (fn.eventInvokeConfig) {
        throw new AwsError('AlreadyExists', `EventInvokeConfig of ${fn.name} already exists`, 409);
      }
      return put(fn, properties);
    },
    update: (id, properties) => put(lambda.functionOf(id.split('|')[0] ?? id), properties),
    delete(id) {
      const fn = lambda.state.functions[id.split('|')[0] ?? id];
      if (fn) delete fn.eventInvokeConfig;
    },
  };
}

function configOf(properties: JsonObject): EventInvokeConfig {
  const destinations = objectOf(properties['DestinationConfig'], 'DestinationConfig', ['OnFailure']);
  const onFailure = optionalText(objectOf(destinations['OnFailure'], 'DestinationConfig.OnFailure', ['Destination']), 'Destination');
  if (onFailure !== undefined && onFailure.split(':')[2] !== 'lambda') throw new NotModelled(`the destination ${onFailure}`);
  return {
    maximumRetryAttempts: optionalInteger(properties, 'MaximumRetryAttempts', 0, 2) ?? 2,
    maximumEventAgeInSeconds: optionalInteger(properties, 'MaximumEventAgeInSeconds', 60, 21_600) ?? 21_600,
    ...(onFailure === undefined ? {} : { onFailure }),
  };
}

/** Lambda checks the function's role when a destination is set. Source: invocation-async-retain-records. */
function checkDestination(lambda: Lambda, fn: FunctionRecord, destination: string): void {
  try {
    lambda.functionOf(destination);
    lambda.aws.iam.authorize(lambda.roleOf(fn), { action: 'lambda:InvokeFunction', resource: destination });
  } catch (error) {
    if (!(error instanceof AwsError) || error.code === 'ResourceNotFoundException') throw error;
    throw new AwsError('InvalidParameterValueException', `The function's execution role does not have permissions to call Invoke on ${destination}`);
  }
}
