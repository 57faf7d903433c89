import { CreateCustomKeyStoreCommand } from '@aws-sdk/client-kms';
import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { environment } from '../../shared/src/environment';
import { readLedger, writeLedger } from '../../shared/src/ledger';
import type { Clients, KeyStoreEvent } from './index';
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
  const storing = ledger.storing ?? { name: KeyStoreName, clusterId: CloudHsmClusterId, at: new Date().toISOString() };
  await writeLedger(secrets, { ...ledger, storing });
  const { CustomKeyStoreId = '' } = await kms.send(
    new CreateCustomKeyStoreCommand({
      CustomKeyStoreName: KeyStoreName,
      CloudHsmClusterId,
      KeyStorePassword: ledger.intent,
      TrustAnchorCertificate: SecretString ?? '',
    }),
  );
  return { KeyStoreId: CustomKeyStoreId, Ledger: await writeLedger(secrets, { ...ledger, storing, store: CustomKeyStoreId }) };
}
