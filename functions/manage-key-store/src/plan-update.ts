import type { CustomKeyStoresListEntry } from '@aws-sdk/client-kms';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { readVersion, writeLedgerOnce, type Changing, type Ledger } from '../../shared/src/ledger';
import { KEY_STORE_FOREIGN, TRUST_ANCHOR_FIXED } from '../../shared/src/messages';
import { Refused } from '../../shared/src/refused';
import type { KeyStoreProperties } from '../../shared/src/request';
import { say } from '../../shared/src/say';
import { readSecret } from '../../shared/src/secret';
import { checkSettled, describe, SETTLED } from './describe';
import { isReverse } from './is-reverse';
import { findOurs, withStore } from './our-key-store';
import { asksForRotation } from './rotation';
import type { Clients, KeyStoreEvent } from './step';
import { takeOver } from './take-over';
import { whatDiffers } from './what-differs';

/** What an update has to do; all but telling KMS another name is an outage, or ends one. */
export interface Plan {
  KeyStoreId: string;
  Ledger: string;
  /** kmsuser must get a password that is known, or must be created. */
  Reset: boolean;
  Disconnect: boolean;
  /** KMS must be told what it does not know yet. */
  Change: boolean;
  Connect: boolean;
}

/** kmsuser is what keeps the store from being connected (KMS Developer Guide, fix-keystore). */
const KMS_USER_WRONG = ['INVALID_CREDENTIALS', 'USER_LOCKED_OUT', 'USER_NOT_FOUND'];

/**
 * Finds the way from what is to what is wanted. What is in force is read from KMS and the ledger, not from the request's old properties, so
 * that the reverse update of a rollback finds its way too, from wherever the update before it stopped.
 * @throws Refused, before anything is disconnected, if the store is not ours or would get another trust anchor
 * @throws EarlierUpdateMayAct, KeyStoreNotSettled or KeyStoreNotYetVisible, to be tried again
 */
export async function planUpdate({ kms, secrets }: Clients, { Request, Ledger, Execution = '' }: KeyStoreEvent): Promise<Plan> {
  const { PhysicalResourceId: id = '', ResourceProperties: wanted } = Request;
  const { version, ...read } = await readVersion(secrets, Ledger);
  const newest = await takeOver(secrets, read.ledger, version, Execution);
  const ours = (await findOurs(kms, read.ledger)) ?? '';
  const ledger = withStore(read.ledger, ours);
  const { created, earlier = [], changing } = ledger;
  if (!created || ![ours, ...earlier].includes(id)) throw new Refused(say(KEY_STORE_FOREIGN, { id }));
  const store = await describe(kms, ours);
  if (store && created.CloudHsmCustCaCertSecretName !== wanted.CloudHsmCustCaCertSecretName) await checkTrustAnchor(secrets, wanted, store);
  const known = changing?.before ? { ...changing, before: changing.before } : { ...changing, ...begins(store, ledger.unmended) };
  const begun = store && mayHaveReset(store, ledger) ? { ...known, untold: store.CloudHsmClusterId ?? '', guessed: true } : known;
  const way = findWay(wanted, ledger, created, store, begun);
  return { KeyStoreId: ours, ...way, Ledger: await writeLedgerOnce(secrets, { ...ledger, newest, changing: begun }, version) };
}

/** What an update has begun, with how the store was before. */
type Begun = Changing & Required<Pick<Changing, 'before'>>;

/** How the store is when no update is half-done. */
function begins(store: CustomKeyStoresListEntry | undefined, unmended: string | undefined): Begun {
  if (!store) return { before: 'GONE' };
  const { ConnectionState: state = 'DISCONNECTED', ConnectionErrorCode } = store;
  // The update that was to mend it has disconnected it, and nobody else.
  if (state === 'DISCONNECTED' && unmended !== undefined) return { before: 'FAILED', ...(unmended && { code: unmended }) };
  return { before: state, ...(state === 'FAILED' && ConnectionErrorCode && { code: ConnectionErrorCode }) };
}

/** Whether a command whose answer never came may have given kmsuser its new password. That is tried once, because it needs no login. */
function mayHaveReset({ ConnectionState: state, ConnectionErrorCode: code }: CustomKeyStoresListEntry, { login, changing }: Ledger): boolean {
  return state === 'FAILED' && code === 'INVALID_CREDENTIALS' && login?.step === 'reset' && changing?.untold === undefined && changing?.guessed !== true;
}

/** KMS cannot change a trust anchor (KMS API Reference, UpdateCustomKeyStore): under another secret's name there must be the same certificate. */
async function checkTrustAnchor(
  secrets: SecretsManagerClient,
  { CloudHsmCustCaCertSecretName: secret }: KeyStoreProperties,
  { CustomKeyStoreId: id = '', TrustAnchorCertificate: trustAnchor = '' }: CustomKeyStoresListEntry,
): Promise<void> {
  const { text } = await readSecret(secrets, secret);
  if (withoutSpace(text) !== withoutSpace(trustAnchor)) throw new Refused(say(TRUST_ANCHOR_FIXED, { secret, id }));
}

const withoutSpace = (pem: string): string => pem.replace(/\s/g, '');

const NOTHING = { Reset: false, Disconnect: false, Change: false, Connect: false };

function findWay(
  wanted: KeyStoreProperties,
  ledger: Ledger,
  created: KeyStoreProperties,
  store: CustomKeyStoresListEntry | undefined,
  { before, code: codeBefore = '', untold: untoldIn, told }: Begun,
): Pick<Plan, 'Reset' | 'Disconnect' | 'Change' | 'Connect'> {
  const reverse = isReverse(wanted, created);
  if (!store) return reverse ? NOTHING : { Reset: true, Disconnect: false, Change: true, Connect: true };
  const { ConnectionState: state } = store;
  const worked = before !== 'FAILED' && before !== 'GONE';
  const settled = state !== undefined && SETTLED.includes(state);
  const { renamed, moved } = whatDiffers(store, ledger, wanted);
  // What did not work before an update need not work after its rollback; but it has its old name.
  if (reverse && !worked) return { ...NOTHING, Disconnect: renamed && !settled, Change: renamed || settled };
  const failed = state === 'FAILED';
  const code = failed ? (store.ConnectionErrorCode ?? '') : state === 'DISCONNECTED' ? codeBefore : '';
  const untold = untoldIn === wanted.CloudHsmClusterId;
  // A password that kmsuser has, and KMS has not, is told; one that nobody has is reset.
  const Reset = moved || asksForRotation(wanted, ledger) || (KMS_USER_WRONG.includes(code) && !(untold && code === 'INVALID_CREDENTIALS'));
  // One that somebody has disconnected stays so, unless the change itself asks for a connection.
  const wish = ['CONNECTED', 'CONNECTING'].includes(before) || (!reverse && (Reset || failed || !worked));
  // The connection that an update has begun need not be waited for, to take its name back.
  const calledOff = reverse && renamed && wish && state === 'CONNECTING' && told !== undefined;
  const Disconnect = Reset || untold || calledOff || (failed && (wish || renamed));
  if (!Disconnect && renamed) checkSettled(store, SETTLED);
  return { Reset, Disconnect, Change: true, Connect: wish && (Disconnect || state !== 'CONNECTED') };
}
