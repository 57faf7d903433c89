import { CloudHSMV2Client } from '@aws-sdk/client-cloudhsm-v2';
import { KMSClient } from '@aws-sdk/client-kms';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { retryable } from '../../shared/src/transient';
import { checkNewestUpdate } from './check-newest-update';
import { changeKeyStore } from './change-key-store';
import { complete } from './complete';
import { createKeyStore } from './create-key-store';
import { findKeyStore } from './find-key-store';
import { planUpdate } from './plan-update';
import type { Clients, KeyStoreEvent } from './step';

const clients: Clients = { cloudHsm: new CloudHSMV2Client({}), kms: new KMSClient({}), secrets: new SecretsManagerClient({}) };
const steps = { create: createKeyStore, plan: planUpdate, check: checkNewestUpdate, change: changeKeyStore, complete, find: findKeyStore };

/**
 * Takes a step with the key store that needs the ledger: creates it, plans and makes a change, makes sure that no later update has planned, records
 * that a request is complete, or finds the one that is ours. Called by the states CreateKeyStore, PlanUpdate, CheckNewest, ChangeKeyStore, CompleteCreate, CompleteUpdate and FindKeyStore.
 */
export const handler = retryable((event: KeyStoreEvent) => steps[event.Do](clients, event));
