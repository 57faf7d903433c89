import LambdaFunction, { Code, Environment } from 'cloudform-types/types/lambda/function';
import type { ResourceBase } from 'cloudform-types/types/resource';
import type { IntrinsicFunction } from 'cloudform-types/types/dataTypes';
import { Select, Split } from 'cloudform-types/types/functions';
import { arn, GetAtt, Ref, sub } from './intrinsics';
import { FUNCTIONS, IDS, lambdaId, PREFIX, roleId, STATE_MACHINES, stateMachineId, type FunctionName, type StateMachineName } from './names';
import { role, type Grant } from './policies';

/** What is particular to one function. */
interface FunctionSpec {
  description: string;
  /** Seconds. */
  timeout: number;
  variables: Record<string, string | IntrinsicFunction>;
  grants: Grant[];
}

const REQUEST_MACHINES: StateMachineName[] = ['create-key-store', 'update-key-store', 'delete-key-store'];
const SERVICE_LINKED_ROLE = 'aws-service-role/cks.kms.amazonaws.com/AWSServiceRoleForKeyManagementServiceCustomKeyStores';

/** A secret that the user names: its ARN ends in six random characters. */
const secretNamed = (parameter: string) => arn('secretsmanager', `secret:\${${parameter}}-??????`);
const read = (...on: IntrinsicFunction[]): Grant => ({ actions: 'secretsmanager:GetSecretValue', on });
const ledger: Grant = { actions: ['secretsmanager:GetSecretValue', 'secretsmanager:PutSecretValue'], on: Ref(IDS.ledger) };
/** None of these actions can be narrowed to a resource (Service Authorization Reference). */
const anywhere = (...actions: string[]): Grant => ({ actions, on: '*' });

const ADMIN_SECRET = { ADMIN_SECRET: Ref('pCloudHsmAdminPasswordSecretName') };
const CA_CERT_SECRET = { CA_CERT_SECRET: Ref('pCloudHsmCustCaCertSecretName') };
const INSTANCE = { INSTANCE: Ref('pClientInstanceId'), DOCUMENT: Ref(IDS.document) };

const SPECS: Record<FunctionName, FunctionSpec> = {
  'custom-resource': {
    description: 'Starts the state machine for a request of CloudFormation',
    timeout: 120,
    variables: { SEAL: Ref(IDS.seal), MACHINES: sub(JSON.stringify(STATE_MACHINES.map((name) => `\${${stateMachineId(name)}}`))) },
    grants: [
      read(Ref(IDS.seal)),
      { actions: 'states:StartExecution', on: REQUEST_MACHINES.map((name) => Ref(stateMachineId(name))) },
      { actions: 'states:ListExecutions', on: STATE_MACHINES.map((name) => Ref(stateMachineId(name))) },
      {
        actions: 'states:StopExecution',
        on: STATE_MACHINES.map((name) => arn('states', `execution:\${${stateMachineId(name)}.Name}:*`)),
      },
      { actions: 'lambda:InvokeFunction', on: GetAtt(lambdaId('send-cfn-response'), 'Arn') },
    ],
  },
  'check-prerequisites': {
    description: 'Finds all that is wrong before anything is changed',
    timeout: 30,
    variables: { ...INSTANCE, ...ADMIN_SECRET, ...CA_CERT_SECRET },
    grants: [
      anywhere(
        'cloudhsm:DescribeClusters',
        'ec2:DescribeSecurityGroups',
        'ec2:DescribeSubnets',
        'kms:DescribeCustomKeyStores',
        'servicequotas:ListServiceQuotas',
        'ssm:DescribeInstanceInformation',
        'ssm:GetCommandInvocation',
      ),
      read(secretNamed('pCloudHsmAdminPasswordSecretName'), secretNamed('pCloudHsmCustCaCertSecretName')),
    ],
  },
  'manage-kms-user': {
    description: 'Creates, resets and deletes kmsuser on the client instance',
    timeout: 30,
    variables: {
      ...INSTANCE,
      // The last part of the stack's id, which tells two stacks of one name apart.
      STACK: Select(2, Split('/', Ref('AWS::StackId'))),
      LEDGER: Ref(IDS.ledger),
      ...ADMIN_SECRET,
    },
    grants: [
      { actions: 'ssm:SendCommand', on: [arn('ssm', `document/\${${IDS.document}}`), arn('ec2', 'instance/${pClientInstanceId}')] },
      anywhere('ssm:GetCommandInvocation', 'cloudhsm:DescribeClusters'),
      read(secretNamed('pCloudHsmAdminPasswordSecretName')),
      ledger,
    ],
  },
  'manage-key-store': {
    description: 'Creates, finds and updates the key store',
    timeout: 30,
    variables: { LEDGER: Ref(IDS.ledger), ...CA_CERT_SECRET },
    grants: [
      // KMS makes CreateCustomKeyStore's caller look at the cluster and, once in an account, make its service-linked role.
      anywhere('kms:CreateCustomKeyStore', 'kms:UpdateCustomKeyStore', 'kms:DescribeCustomKeyStores', 'cloudhsm:DescribeClusters'),
      {
        actions: 'iam:CreateServiceLinkedRole',
        on: sub(`arn:\${AWS::Partition}:iam::\${AWS::AccountId}:role/${SERVICE_LINKED_ROLE}`),
        when: { StringEquals: { 'iam:AWSServiceName': 'cks.kms.amazonaws.com' } },
      },
      read(secretNamed('pCloudHsmCustCaCertSecretName')),
      ledger,
    ],
  },
  'send-cfn-response': {
    description: 'Answers CloudFormation',
    timeout: 45,
    variables: { SEAL: Ref(IDS.seal) },
    grants: [read(Ref(IDS.seal))],
  },
};

/**
 * The functions and their roles.
 * @param code the bundled index.js of each function
 */
export function functions(code: Record<FunctionName, string>): Record<string, ResourceBase<object>> {
  return Object.fromEntries<ResourceBase<object>>(
    FUNCTIONS.flatMap((name): [string, ResourceBase<object>][] => {
      const { description, timeout, variables, grants } = SPECS[name];
      return [
        [
          lambdaId(name),
          new LambdaFunction({
            // The custom resource's function must never change its ARN: it is not named after parameters.
            ...(name !== 'custom-resource' && { FunctionName: sub(`${PREFIX}-${name}`) }),
            Description: description,
            Runtime: 'nodejs24.x',
            Handler: 'index.handler',
            MemorySize: 256,
            Timeout: timeout,
            Role: GetAtt(roleId(lambdaId(name)), 'Arn'),
            // Step Functions is the one layer that retries.
            Environment: new Environment({ Variables: { AWS_MAX_ATTEMPTS: '1', ...variables } }),
            LoggingConfig: { LogGroup: Ref(IDS.lambdaLogs) },
            Code: new Code({ ZipFile: code[name] }),
          }),
        ],
        [roleId(lambdaId(name)), role(name, 'lambda', IDS.writeLogs, grants)],
      ];
    }),
  );
}
