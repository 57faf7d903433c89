import { CreateCustomKeyStoreCommand, type CreateCustomKeyStoreCommandInput, type KMSClient } from '@aws-sdk/client-kms';
import { environment } from '../../shared/src/environment';
import { readVersion, writeLedger, writeLedgerOnce } from '../../shared/src/ledger';
import { readSecret } from '../../shared/src/secret';
import { isRefusal, isTransient } from '../../shared/src/transient';
import { withStore } from './our-key-store';
import type { Clients, KeyStoreEvent } from './step';

/**
 * Creates the key store with kmsuser's password from the ledger. Called again it answers the same store: KMS does so too
 * for equal properties while the store is disconnected (KMS Developer Guide, create-keystore).
 */
export async function createKeyStore({ kms, secrets }: Clients, { Request, Ledger }: KeyStoreEvent) {
  const { KeyStoreName, CloudHsmClusterId } = Request.ResourceProperties;
  const { ledger, version, writtenAt } = await readVersion(secrets, Ledger);
  if (ledger.intent === undefined) throw new Error('The ledger holds no password of kmsuser');
  const trustAnchor = await readSecret(secrets, environment('CA_CERT_SECRET'));
  const storing = { name: KeyStoreName, clusterId: CloudHsmClusterId, at: writtenAt };
  await writeLedgerOnce(secrets, { ...ledger, storing }, version);
  const CustomKeyStoreId = await create(kms, {
    CustomKeyStoreName: KeyStoreName,
    CloudHsmClusterId,
    KeyStorePassword: ledger.intent,
    TrustAnchorCertificate: trustAnchor.text,
  }).catch(async (error: unknown) => {
    // KMS has refused for good: a store of that name, now or later, is not ours. One that was made, while its answer was lost, may still be refused for now.
    if (isRefusal(error) && !isTransient(error)) await writeLedger(secrets, ledger);
    throw error;
  });
  const { untold: _told, ...changing } = ledger.changing ?? {};
  return { KeyStoreId: CustomKeyStoreId, Ledger: await writeLedger(secrets, { ...withStore(ledger, CustomKeyStoreId), ...(ledger.changing && { changing }) }) };
}

async function create(kms: KMSClient, input: CreateCustomKeyStoreCommandInput): Promise<string> {
  const { CustomKeyStoreId = '' } = await kms.send(new CreateCustomKeyStoreCommand(input));
  return CustomKeyStoreId;
}
