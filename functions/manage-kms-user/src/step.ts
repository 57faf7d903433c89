import type { CloudHSMV2Client } from '@aws-sdk/client-cloudhsm-v2';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { SSMClient } from '@aws-sdk/client-ssm';
import type { ClientCommand } from '../../shared/src/request';

/** One step, and the command before it. */
export interface KmsUserEvent {
  Do: 'inspect' | 'prepare' | 'create' | 'reset' | 'delete' | 'forget' | 'confirm';
  Command: ClientCommand;
  /** The cluster that the client must be configured for, and whose HSMs must all have kmsuser. */
  ClusterId: string;
  /** How often the state was tried before; with the step `reset` only. */
  Attempt?: number;
  /** The ARN of the execution of an update; with the steps `reset` and `confirm` only. */
  Execution?: string;
}

/** The clients that the steps use. */
export interface Clients {
  cloudHsm: CloudHSMV2Client;
  secrets: SecretsManagerClient;
  ssm: SSMClient;
}
