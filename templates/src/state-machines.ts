import StateMachine, { CloudWatchLogsLogGroup, LogDestination, LoggingConfiguration } from 'cloudform-types/types/stepFunctions/stateMachine';
import type { ResourceBase } from 'cloudform-types/types/resource';
import type { IntrinsicFunction } from 'cloudform-types/types/dataTypes';
import { integration } from './integrations';
import { arn, GetAtt, Ref, sub } from './intrinsics';
import { FUNCTIONS, IDS, lambdaId, pascal, PREFIX, roleId, STATE_MACHINES, stateMachineId, type StateMachineName } from './names';
import { role, type Grant } from './policies';

/** What each machine calls, beside its functions and its children, which its definition tells. */
const SDK_GRANTS: Record<StateMachineName, Grant[]> = {
  'create-key-store': [{ actions: 'ssm:GetCommandInvocation', on: '*' }],
  'update-key-store': [{ actions: 'ssm:GetCommandInvocation', on: '*' }],
  'delete-key-store': [{ actions: ['kms:DeleteCustomKeyStore', 'ssm:GetCommandInvocation'], on: '*' }],
  'connect-key-store': [{ actions: ['kms:DescribeCustomKeyStores', 'kms:ConnectCustomKeyStore'], on: '*' }],
  'disconnect-key-store': [{ actions: ['kms:DescribeCustomKeyStores', 'kms:DisconnectCustomKeyStore'], on: '*' }],
};

/** What the placeholders in the definitions stand for. */
const PLACEHOLDERS: Record<string, IntrinsicFunction> = {
  ClientInstanceId: Ref('pClientInstanceId'),
  ...Object.fromEntries(FUNCTIONS.map((name) => [pascal(name), GetAtt(lambdaId(name), 'Arn')])),
  ...Object.fromEntries(STATE_MACHINES.map((name) => [pascal(name), Ref(stateMachineId(name))])),
};

/** The placeholders `${Name}` of a definition, each once. */
function placeholdersOf(definition: string): string[] {
  return [...new Set([...definition.matchAll(/\$\{(\w+)\}/g)].map(([, name = '']) => name))];
}

function substitutions(machine: StateMachineName, definition: string): Record<string, IntrinsicFunction> {
  return Object.fromEntries(
    placeholdersOf(definition).map((name) => {
      const resource = integration(name);
      const value = resource === undefined ? PLACEHOLDERS[name] : sub(`arn:\${AWS::Partition}:states:::${resource}`);
      if (!value) throw new Error(`statemachines/${machine}.asl.json: nothing is known by the placeholder \${${name}}`);
      return [name, value];
    }),
  );
}

function grantsFor(machine: StateMachineName, definition: string): Grant[] {
  const called = placeholdersOf(definition);
  const functions = FUNCTIONS.filter((name) => called.includes(pascal(name)));
  const children = STATE_MACHINES.filter((name) => called.includes(pascal(name)));
  return [
    ...(functions.length > 0 ? [{ actions: 'lambda:InvokeFunction', on: functions.map((name) => GetAtt(lambdaId(name), 'Arn')) }] : []),
    ...children.flatMap((name) => [
      { actions: 'states:StartExecution', on: Ref(stateMachineId(name)) },
      { actions: ['states:DescribeExecution', 'states:StopExecution'], on: arn('states', `execution:\${${stateMachineId(name)}.Name}:*`) },
    ]),
    // Step Functions learns of a nested execution's end by a rule of its own (Developer Guide, IAM policies for Step Functions).
    ...(children.length > 0
      ? [{ actions: ['events:PutTargets', 'events:PutRule', 'events:DescribeRule'], on: arn('events', 'rule/StepFunctionsGetEventsForStepFunctionsExecutionRule') }]
      : []),
    ...SDK_GRANTS[machine],
  ];
}

/**
 * The state machines and their roles.
 * @param definitions the text of each machine's Amazon States Language file
 */
export function stateMachines(definitions: Record<StateMachineName, string>): Record<string, ResourceBase<object>> {
  return Object.fromEntries<ResourceBase<object>>(
    STATE_MACHINES.flatMap((name): [string, ResourceBase<object>][] => [
      [
        stateMachineId(name),
        new StateMachine({
          StateMachineName: sub(`${PREFIX}-${name}`),
          RoleArn: GetAtt(roleId(stateMachineId(name)), 'Arn'),
          // Without execution data: inputs and outputs stay out of the log.
          LoggingConfiguration: new LoggingConfiguration({
            Level: 'ALL',
            IncludeExecutionData: false,
            Destinations: [new LogDestination({ CloudWatchLogsLogGroup: new CloudWatchLogsLogGroup({ LogGroupArn: GetAtt(IDS.stateMachineLogs, 'Arn') }) })],
          }),
          DefinitionString: definitions[name],
          DefinitionSubstitutions: substitutions(name, definitions[name]),
        }),
      ],
      [roleId(stateMachineId(name)), role(name, 'states', IDS.deliverLogs, grantsFor(name, definitions[name]))],
    ]),
  );
}
