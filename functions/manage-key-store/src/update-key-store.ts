import { DescribeCustomKeyStoresCommand, UpdateCustomKeyStoreCommand } from '@aws-sdk/client-kms';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { readLedger, writeLedger } from '../../shared/src/ledger';
import { KEY_STORE_FOREIGN, TRUST_ANCHOR_FIXED, UPDATE_NOT_SUPPORTED } from '../../shared/src/messages';
import { Refused } from '../../shared/src/refused';
import { say } from '../../shared/src/say';
import { readSecret } from '../../shared/src/secret';
import { isRefusal } from '../../shared/src/transient';
import type { Clients, KeyStoreEvent } from './step';

/**
 * Converges from what is to what is wanted, without an outage: renames the store in place; another client, other names of the secrets
 * and the delete option need nothing but to be in force. What is in force is read from KMS and the ledger, not from the request, so that
 * the reverse update of a rollback converges too.
 * @throws Refused, before anything is changed, if the cluster or the trust anchor would be another one
 */
export async function updateKeyStore({ kms, secrets }: Clients, { Request, Ledger: version }: KeyStoreEvent) {
  const { PhysicalResourceId: id = '', ResourceProperties: wanted } = Request;
  const ledger = await readLedger(secrets, version);
  if (ledger.store !== id || !ledger.created) throw new Refused(say(KEY_STORE_FOREIGN, { id }));
  if (ledger.created.CloudHsmClusterId !== wanted.CloudHsmClusterId) throw new Refused(say(UPDATE_NOT_SUPPORTED, { parameters: 'pCloudHsmClusterId' }));
  const { CustomKeyStores: [store] = [] } = await kms.send(new DescribeCustomKeyStoresCommand({ CustomKeyStoreId: id }));
  if (ledger.created.CloudHsmCustCaCertSecretName !== wanted.CloudHsmCustCaCertSecretName) {
    await checkTrustAnchor(secrets, wanted.CloudHsmCustCaCertSecretName, id, store?.TrustAnchorCertificate);
  }
  // KMS may still show a name from before: one that was on its way to be changed counts too.
  const names = [store?.CustomKeyStoreName, ledger.created.KeyStoreName, ledger.renaming ?? wanted.KeyStoreName];
  if (names.some((name) => name !== wanted.KeyStoreName)) {
    await writeLedger(secrets, { ...ledger, renaming: wanted.KeyStoreName });
    await kms.send(new UpdateCustomKeyStoreCommand({ CustomKeyStoreId: id, NewCustomKeyStoreName: wanted.KeyStoreName })).catch(async (error: unknown) => {
      // KMS has refused: the store keeps its name, and a rollback has nothing to rename.
      if (isRefusal(error)) await writeLedger(secrets, ledger);
      throw error;
    });
  }
  const { renaming: _renamed, ...rest } = ledger;
  return { KeyStoreId: id, Ledger: await writeLedger(secrets, { ...rest, created: wanted }) };
}

/** KMS cannot change a trust anchor (KMS API Reference, UpdateCustomKeyStore): under another secret's name there must be the same certificate. */
async function checkTrustAnchor(secrets: SecretsManagerClient, secret: string, id: string, trustAnchor = ''): Promise<void> {
  const { text } = await readSecret(secrets, secret);
  if (withoutSpace(text) !== withoutSpace(trustAnchor)) throw new Refused(say(TRUST_ANCHOR_FIXED, { secret, id }));
}

const withoutSpace = (pem: string): string => pem.replace(/\s/g, '');
