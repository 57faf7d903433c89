import { CloudHSMV2Client } from '@aws-sdk/client-cloudhsm-v2';
import { KMSClient } from '@aws-sdk/client-kms';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Request } from '../../shared/src/request';
import { retryable } from '../../shared/src/transient';
import { completeCreate } from './complete-create';
import { createKeyStore } from './create-key-store';
import { findKeyStore } from './find-key-store';
import { updateKeyStore } from './update-key-store';

/** One step, for one request. */
export interface KeyStoreEvent {
  Do: 'create' | 'complete' | 'find' | 'update';
  Request: Request;
  /** The version of the ledger that was written last in this request; empty when none was. */
  Ledger: string;
}

/** The clients that the steps use. */
export interface Clients {
  cloudHsm: CloudHSMV2Client;
  kms: KMSClient;
  secrets: SecretsManagerClient;
}

const clients: Clients = { cloudHsm: new CloudHSMV2Client({}), kms: new KMSClient({}), secrets: new SecretsManagerClient({}) };
const steps = { create: createKeyStore, complete: completeCreate, find: findKeyStore, update: updateKeyStore };

/**
 * Takes a step with the key store that needs the ledger: creates it, records that the create is complete, finds the one that is ours, or updates it.
 * Called by the states CreateKeyStore, CompleteCreate, FindKeyStore and UpdateKeyStore.
 */
export const handler = retryable((event: KeyStoreEvent) => steps[event.Do](clients, event));
