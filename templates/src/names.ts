/** The Lambda functions: the folders in functions/. */
export const FUNCTIONS = ['custom-resource', 'check-prerequisites', 'manage-kms-user', 'manage-key-store', 'send-cfn-response'] as const;
export type FunctionName = (typeof FUNCTIONS)[number];

/** The state machines: the files in statemachines/. The parents come before their children: who stops them goes in this order. */
export const STATE_MACHINES = ['create-key-store', 'update-key-store', 'delete-key-store', 'connect-key-store', 'disconnect-key-store'] as const;
export type StateMachineName = (typeof STATE_MACHINES)[number];

/** The prefix of the names of a stack's resources, for Fn::Sub. */
export const PREFIX = '${pSystem}-${pEnvPurpose}';

/** `create-key-store` to `CreateKeyStore`: also the placeholder for it in the state machines. */
export function pascal(name: string): string {
  return name.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

export const lambdaId = (name: FunctionName): string => `rLambda${pascal(name)}`;
export const stateMachineId = (name: StateMachineName): string => `rStateMachine${pascal(name)}`;
export const roleId = (owner: string): string => owner.replace(/^r/, 'rRole');

/** The logical ids of what there is one of. */
export const IDS = {
  keyStore: 'rKmsCloudHsmKeyStore',
  ledger: 'rSecretLedger',
  seal: 'rSecretSeal',
  document: 'rDocumentManageKmsUser',
  lambdaLogs: 'rLogGroupLambda',
  stateMachineLogs: 'rLogGroupStateMachine',
  writeLogs: 'rPolicyWriteLogs',
  deliverLogs: 'rPolicyDeliverLogs',
  unanswered: 'rRuleUnanswered',
  unansweredPermission: 'rPermissionUnanswered',
  eventInvokeConfig: 'rEventInvokeConfigCustomResource',
} as const;
