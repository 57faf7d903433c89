import type { CloudHSMV2Client } from '@aws-sdk/client-cloudhsm-v2';
import type { KMSClient } from '@aws-sdk/client-kms';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Request } from '../../shared/src/request';
import type { Plan } from './plan-update';

/** One step, for one request. */
export interface KeyStoreEvent {
  Do: 'create' | 'plan' | 'check' | 'change' | 'complete' | 'find';
  Request: Request;
  /** The version of the ledger that was written last in this request; empty when none was. */
  Ledger: string;
  /** What PlanUpdate has found; with the step `change` only. */
  KeyStore?: Plan;
  /** How often the state was tried before; with the step `change` only. */
  Attempt?: number;
  /** The ARN of the execution of an update or a Delete; of another request, and with the step `check` of a Delete, none or empty. */
  Execution?: string;
}

/** The clients that the steps use. */
export interface Clients {
  cloudHsm: CloudHSMV2Client;
  kms: KMSClient;
  secrets: SecretsManagerClient;
}
