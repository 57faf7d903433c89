import type Template from 'cloudform-types/types/template';
import { FUNCTIONS, IDS, lambdaId, roleId, STATE_MACHINES, stateMachineId, type FunctionName, type StateMachineName } from './names';

/** A rule of cfn_nag that warns of resources, and why they stay as they are. */
interface AcceptedWarning {
  rule: string;
  at: string[];
  reason: string;
}

const functions = FUNCTIONS.map(lambdaId);
const functionRole = (name: FunctionName): string => roleId(lambdaId(name));
const machineRole = (name: StateMachineName): string => roleId(stateMachineId(name));
const secrets = [IDS.ledger, IDS.seal];
const logGroups = [IDS.lambdaLogs, IDS.stateMachineLogs];

const ACCEPTED_WARNINGS: AcceptedWarning[] = [
  {
    rule: 'W11',
    at: [
      functionRole('check-prerequisites'),
      functionRole('manage-kms-user'),
      functionRole('manage-key-store'),
      machineRole('create-key-store'),
      machineRole('update-key-store'),
      machineRole('delete-key-store'),
      machineRole('connect-key-store'),
      machineRole('disconnect-key-store'),
    ],
    reason: 'Only for actions that IAM cannot narrow to a resource: on key stores, and reading actions (Service Authorization Reference).',
  },
  {
    rule: 'W13',
    at: [IDS.deliverLogs],
    reason: 'None of the actions by which a state machine delivers its log can be narrowed to a log group (Step Functions Developer Guide, logging).',
  },
  {
    rule: 'W28',
    at: [...FUNCTIONS.map(functionRole), ...STATE_MACHINES.map(machineRole), IDS.writeLogs],
    reason:
      'Names tell the roles and policies of several stacks and Regions apart, and let a policy name roles. What replaces one is a change of its name alone: the new one does not collide.',
  },
  {
    rule: 'W58',
    at: functions,
    reason:
      'Permitted by rPolicyWriteLogs, which the rule does not read. It may not create a log group: a late invocation must not bring back what was deleted.',
  },
  {
    rule: 'W76',
    at: [functionRole('custom-resource'), machineRole('create-key-store'), machineRole('update-key-store'), machineRole('delete-key-store')],
    reason: 'The metric takes every Ref and GetAtt for a service of its own. A pattern in place of the names would be shorter, and allow more.',
  },
  {
    rule: 'W77',
    at: secrets,
    reason: 'Encrypted with aws/secretsmanager, the default. No other account needs the secret, and there is no further key to pay for or to lose.',
  },
  {
    rule: 'W84',
    at: logGroups,
    reason: 'CloudWatch Logs encrypts every log group (User Guide, encrypt log data). No secret is logged, and the stack makes no KMS key.',
  },
  { rule: 'W89', at: functions, reason: 'It calls public endpoints of AWS and nothing in a VPC: only the client instance reaches the HSMs.' },
  {
    rule: 'W92',
    at: functions,
    reason: 'It runs a few times in the life of a stack. A reservation takes from the account, and is refused where less than 100 would be left (Lambda API, PutFunctionConcurrency).',
  },
];

/** The template with the reason for every accepted warning at the resource that it is about, where cfn_nag looks for it (its README, suppressions). */
export function withReasons(template: Template): Template {
  const Resources = Object.fromEntries(
    Object.entries(template.Resources ?? {}).map(([id, resource]) => {
      const rules_to_suppress = ACCEPTED_WARNINGS.filter(({ at }) => at.includes(id)).map(({ rule, reason }) => ({ id: rule, reason }));
      const { Type, ...rest } = resource;
      return [id, rules_to_suppress.length === 0 ? resource : { Type, Metadata: { cfn_nag: { rules_to_suppress } }, ...rest }];
    }),
  );
  return { ...template, Resources };
}
