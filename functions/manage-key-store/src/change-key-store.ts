import { UpdateCustomKeyStoreCommand, type UpdateCustomKeyStoreCommandInput } from '@aws-sdk/client-kms';
import { checkNewest } from '../../shared/src/check-newest';
import { readVersion, writeLedger, writeLedgerOnce } from '../../shared/src/ledger';
import { isRefusal, isTransient, LAST_ATTEMPT } from '../../shared/src/transient';
import { createKeyStore } from './create-key-store';
import { checkSettled, describe, SETTLED } from './describe';
import type { Clients, KeyStoreEvent } from './step';
import { whatDiffers } from './what-differs';

/**
 * Tells KMS what it does not know yet: the name, the cluster, the password that kmsuser has got; a store that is gone is made again.
 * Answers the plan, with the store's id and the ledger's version as they are now.
 */
export async function changeKeyStore(clients: Clients, event: KeyStoreEvent) {
  const { kms, secrets } = clients;
  const { Request, KeyStore, Attempt = 0, Execution } = event;
  const { KeyStoreName: name, CloudHsmClusterId: clusterId } = Request.ResourceProperties;
  const { ledger, version } = await readVersion(secrets, event.Ledger);
  await checkNewest(secrets, Execution);
  const { store: id = '', changing = {} } = ledger;
  const store = await describe(kms, id);
  if (!store) return { ...KeyStore, ...(await createKeyStore(clients, event)) };
  const { untold, ...rest } = changing;
  const password = untold === clusterId ? ledger.intent : undefined;
  const { renamed, moved } = whatDiffers(store, ledger, Request.ResourceProperties);
  const change: UpdateCustomKeyStoreCommandInput = {
    CustomKeyStoreId: id,
    ...(renamed && { NewCustomKeyStoreName: name }),
    // Only with the password of the kmsuser there: after an update that failed before it had one, KMS keeps the old cluster.
    ...(password !== undefined && { KeyStorePassword: password, ...(moved && { CloudHsmClusterId: clusterId }) }),
  };
  if (Object.keys(change).length === 1) return { ...KeyStore, Ledger: version };
  // The name alone can be told while the store is connected.
  checkSettled(store, password === undefined ? SETTLED : ['DISCONNECTED']);
  const noted = await writeLedgerOnce(secrets, { ...ledger, changing: { ...changing, told: { name, clusterId } } }, version);
  await kms.send(new UpdateCustomKeyStoreCommand(change)).catch(async (error: unknown) => {
    // KMS has refused, and is not asked again: everything is as before, and a rollback has nothing to undo.
    if (isRefusal(error) && (Attempt >= LAST_ATTEMPT || (!isTransient(error) && !isNotYet(error)))) await writeLedger(secrets, ledger);
    throw error;
  });
  return { ...KeyStore, Ledger: await writeLedgerOnce(secrets, { ...ledger, changing: { ...rest, told: { name, clusterId } } }, noted) };
}

/** KMS may take a moment longer than what it shows. The state ChangeKeyStore tries again. */
const isNotYet = (error: unknown): boolean => error instanceof Error && error.name === 'CustomKeyStoreInvalidStateException';
