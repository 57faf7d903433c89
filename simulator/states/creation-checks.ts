import type { JsonObject, LocalAws } from '../aws';
import { AwsError, NotModelled } from '../errors';
import type { Caller } from '../iam/iam';
import type { Definition } from './definition';
import { isObject } from './paths';

/** Source: Step Functions Developer Guide, cw-logs (permissions to deliver logs). */
const logDeliveryActions = [
  'logs:CreateLogDelivery',
  'logs:GetLogDelivery',
  'logs:UpdateLogDelivery',
  'logs:DeleteLogDelivery',
  'logs:ListLogDeliveries',
  'logs:PutResourcePolicy',
  'logs:DescribeResourcePolicies',
  'logs:DescribeLogGroups',
];

/**
 * What CreateStateMachine and UpdateStateMachine check with the machine's role before they accept it.
 * @throws AwsError AccessDeniedException, InvalidLoggingConfiguration
 */
export function checkRole(aws: LocalAws, machineArn: string, roleArn: string, definition: Definition, logging: JsonObject | undefined): void {
  const role = aws.iam.assume('states.amazonaws.com', roleArn, machineArn);
  if (Object.values(definition.States).some((state) => state.Type === 'Task' && /\.sync(:2)?$/.test(state.Resource))) checkManagedRule(aws, role, roleArn);
  if (logging !== undefined && (logging.Level ?? 'OFF') !== 'OFF') checkLogging(aws, role, logging);
}

/** Source: Developer Guide, connect-stepfunctions and service-integration-iam-templates. */
function checkManagedRule(aws: LocalAws, role: Caller, roleArn: string): void {
  const resource = aws.arn('events', 'rule/StepFunctionsGetEventsForStepFunctionsExecutionRule');
  authorizeAll(aws, role, ['events:PutTargets', 'events:PutRule', 'events:DescribeRule'], resource, `'${roleArn}' is not authorized to create managed-rule.`);
}

function checkLogging(aws: LocalAws, role: Caller, logging: JsonObject): void {
  if (logging.IncludeExecutionData === true) throw new NotModelled('IncludeExecutionData: true of a LoggingConfiguration');
  const [destination] = Array.isArray(logging.Destinations) ? logging.Destinations : [];
  const group = isObject(destination) ? destination.CloudWatchLogsLogGroup : undefined;
  const arn = isObject(group) ? group.LogGroupArn : undefined;
  // "The ARN must end with :*" (API Reference, CloudWatchLogsLogGroup).
  if (typeof arn !== 'string' || !arn.endsWith(':*')) throw new AwsError('InvalidLoggingConfiguration', 'Invalid Logging Configuration: Must specify exactly one Log Destination.');
  authorizeAll(aws, role, logDeliveryActions, '*', 'The state machine IAM Role is not authorized to access the Log Destination');
}

function authorizeAll(aws: LocalAws, role: Caller, actions: readonly string[], resource: string, refusal: string): void {
  try {
    for (const action of actions) aws.iam.authorize(role, { action, resource });
  } catch (error) {
    if (error instanceof AwsError) throw new AwsError('AccessDeniedException', refusal);
    throw error;
  }
}
