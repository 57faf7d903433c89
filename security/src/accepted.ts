import { FUNCTIONS, IDS, lambdaId, roleId, STATE_MACHINES, stateMachineId, type FunctionName, type StateMachineName } from '../../templates/src/names';
import type { Acceptance } from './acceptance';

const functions = FUNCTIONS.map(lambdaId);
const functionRole = (name: FunctionName): string => roleId(lambdaId(name));
const machineRole = (name: StateMachineName): string => roleId(stateMachineId(name));
const secrets = [IDS.ledger, IDS.seal];
const logGroups = [IDS.lambdaLogs, IDS.stateMachineLogs];

/** Why what is deleted with the stack says nothing of its deletion. */
const DELETED_WITH_THE_STACK = 'Secrets and log groups are deleted with the stack, which is the default and what is wanted: nothing is left over.';

/** CloudFormation: what cfn_nag warns of. */
const CFN_NAG: Omit<Acceptance, 'tool'>[] = [
  {
    rule: 'W11',
    at: [
      functionRole('check-prerequisites'),
      functionRole('manage-kms-user'),
      functionRole('manage-key-store'),
      machineRole('create-key-store'),
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
    at: [...FUNCTIONS.map(functionRole), ...STATE_MACHINES.map(machineRole)],
    reason:
      'Names tell the roles of several stacks and Regions apart. Only another name or path replaces a role (AWS::IAM::Role): then it has another name already.',
  },
  {
    rule: 'W58',
    at: functions,
    reason:
      'Permitted by rPolicyWriteLogs, which the rule does not read. It may not create a log group: a late invocation must not bring back what was deleted.',
  },
  {
    rule: 'W76',
    at: [functionRole('custom-resource'), machineRole('create-key-store'), machineRole('delete-key-store')],
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
    reason: 'One invocation at a time is all it needs. A reservation takes from other functions, and fails where 100 are not left (PutFunctionConcurrency).',
  },
];

/** CloudFormation: what AWS's validator says, beside what cfn-lint says too. */
const CLOUDFORMATION_VALIDATE: Omit<Acceptance, 'tool'>[] = [
  {
    rule: 'W2509',
    at: ['pCloudHsmAdminPasswordSecretName', 'pCloudHsmCustCaCertSecretName'],
    reason: 'The name of a secret, not what is in it. An operator has to see which secret a stack uses.',
  },
  { rule: 'I3011', at: [...secrets, ...logGroups], reason: DELETED_WITH_THE_STACK },
  {
    rule: 'I9001',
    reason: 'It says that another value replaces the resource. Supporting resources may be replaced; what must not be has no name that could change.',
  },
  { rule: 'I9040', reason: 'CloudFormation passes the tags of a stack on to every resource that takes tags (User Guide, resource tags).' },
];

/** JavaScript. The same code is found in the bundles and in the sources, where it has types. */
const ESLINT: Omit<Acceptance, 'tool' | 'rule'>[] = [
  { at: ['process.env[name]'], reason: 'The name of the variable is a constant in our code.' },
  { at: ['inForce[name]', 'wanted[name]'], reason: 'Both are read with the names of their own properties, and compared.' },
  {
    at: ['values[name]', '(values as Record<string, string | number>)[name]'],
    reason: 'The name is a slot of one of our own texts, and the value only becomes text.',
  },
  { at: ['LEAST[hsmType]'], reason: 'The type is what CloudHSM says of the cluster, and what is found is compared.' },
];

/** Every finding that stays, with its reason. A suppression in the template's Metadata counts as well, for cfn_nag. */
export const ACCEPTED: Acceptance[] = [
  { tool: 'cfn-lint', rule: 'I3011', at: [...secrets, ...logGroups], reason: DELETED_WITH_THE_STACK },
  ...CFN_NAG.map((acceptance) => ({ tool: 'cfn_nag', ...acceptance })),
  ...CLOUDFORMATION_VALIDATE.map((acceptance) => ({ tool: 'cloudformation-validate', ...acceptance })),
  ...ESLINT.map((acceptance) => ({ tool: 'eslint-plugin-security', rule: 'security/detect-object-injection', ...acceptance })),
];
