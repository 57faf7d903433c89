import { CreateCustomKeyStoreCommand, type CreateCustomKeyStoreCommandInput, type KMSClient } from '@aws-sdk/client-kms';
import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { environment } from '../../shared/src/environment';
import { readLedger, writeLedger } from '../../shared/src/ledger';
import { isRefusal, isTransient } from '../../shared/src/transient';
import type { Clients, KeyStoreEvent } from './step';
import { KeyStoreLedgerIncomplete } from './key-store-errors';

/**
 * Creates the key store with kmsuser's password from the ledger. Called again it answers the same store: KMS does so too
 * for equal properties while the store is disconnected (KMS Developer Guide, create-keystore).
 */
export async function createKeyStore({ kms, secrets }: Clients, { Request, Ledger: version }: KeyStoreEvent) {
  const { KeyStoreName, CloudHsmClusterId } = Request.ResourceProperties;
  const ledger = await readLedger(secrets, version);
  if (ledger.intent === undefined) throw new KeyStoreLedgerIncomplete();
  const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId: environment('CA_CERT_SECRET') }));
  const { storing: noted, ...unstored } = ledger;
  const storing = noted ?? { name: KeyStoreName, clusterId: CloudHsmClusterId, at: new Date().toISOString() };
  await writeLedger(secrets, { ...ledger, storing });
  const CustomKeyStoreId = await create(kms, {
    CustomKeyStoreName: KeyStoreName,
    CloudHsmClusterId,
    KeyStorePassword: ledger.intent,
    TrustAnchorCertificate: SecretString ?? '',
  }).catch(async (error: unknown) => {
    // KMS has refused for good: a store of that name, now or later, is not ours. One that was made, while its answer was lost, may still be refused for now.
    if (isRefusal(error) && !isTransient(error)) await writeLedger(secrets, unstored);
    throw error;
  });
  return { KeyStoreId: CustomKeyStoreId, Ledger: await writeLedger(secrets, { ...ledger, storing, store: CustomKeyStoreId }) };
}

async function create(kms: KMSClient, input: CreateCustomKeyStoreCommandInput): Promise<string> {
  const { CustomKeyStoreId = '' } = await kms.send(new CreateCustomKeyStoreCommand(input));
  return CustomKeyStoreId;
}
