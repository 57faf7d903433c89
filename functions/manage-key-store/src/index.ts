import { CloudHSMV2Client } from '@aws-sdk/client-cloudhsm-v2';
import { KMSClient } from '@aws-sdk/client-kms';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { retryable } from '../../shared/src/transient';
import { completeCreate } from './complete-create';
import { createKeyStore } from './create-key-store';
import { findKeyStore } from './find-key-store';
import { updateKeyStore } from './update-key-store';
import type { Clients, KeyStoreEvent } from './step';

const clients: Clients = { cloudHsm: new CloudHSMV2Client({}), kms: new KMSClient({}), secrets: new SecretsManagerClient({}) };
const steps = { create: createKeyStore, complete: completeCreate, find: findKeyStore, update: updateKeyStore };

/**
 * Takes a step with the key store that needs the ledger: creates it, records that the create is complete, finds the one that is ours, or updates it.
 * Called by the states CreateKeyStore, CompleteCreate, FindKeyStore and UpdateKeyStore.
 */
export const handler = retryable((event: KeyStoreEvent) => steps[event.Do](clients, event));
