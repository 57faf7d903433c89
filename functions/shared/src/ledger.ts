import { GetSecretValueCommand, PutSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { ConnectionStateType } from '@aws-sdk/client-kms';
import { createHash } from 'node:crypto';
import { environment } from './environment';
import { LEDGER_UNREADABLE } from './messages';
import { Refused } from './refused';
import type { KeyStoreProperties } from './request';
import { TransientError } from './transient';

/** What the stack has made or was about to make. Written ahead of each step, so that a Delete at any moment knows what is ours. */
export interface Ledger {
  /** The password that kmsuser was about to get from this stack. At the first connect KMS gives it one of its own. */
  intent?: string;
  /** The client confirmed that it created kmsuser. */
  made?: boolean;
  /** An admin login was about to be spent on this version of the admin secret, and no answer has shown that it was accepted. */
  login?: { step: 'create' | 'reset' | 'delete'; version: string };
  /** Which request may act, once an update has planned. */
  newest?: NewestUpdate;
  /** An update is under way, or was left half-done. */
  changing?: Changing;
  /** The key store was about to be created, with this name and cluster, after this time (ISO 8601). */
  storing?: { name: string; clusterId: string; at: string };
  /** The id of the key store. */
  store?: string;
  /** The ids of those before it, which were gone and made again. */
  earlier?: string[];
  /** The properties that the last successful request left in force. */
  created?: KeyStoreProperties;
  /** The rotation's value before the one in `created`. */
  rotatedFrom?: string;
  /** The store did not work, and neither does it after the rollback of an update that was to mend it: the error code of its connection, or empty. */
  unmended?: string;
}

/** The update that planned last, or the Delete that has taken over from it. An update that planned before must do no more. */
export interface NewestUpdate {
  /** The ARN of its execution. */
  execution: string;
  /** When it found one before it that nobody may have stopped (ISO 8601). */
  tookOverAt?: string;
}

/** What an update has begun. */
export interface Changing {
  /** How the store was before the first of the updates that were left half-done. */
  before?: ConnectionStateType | 'GONE';
  /** Why the store was FAILED before, as long as kmsuser is as it was. */
  code?: string;
  /** The cluster where the client confirmed that kmsuser has got `intent`, while KMS has not been told. */
  untold?: string;
  /** KMS was about to be told `intent`, although no answer has shown that kmsuser has got it: KMS is refused with the password that it has. */
  guessed?: boolean;
  /** What KMS was about to be told, and may show or not. */
  told?: { name: string; clusterId: string };
}

/**
 * Reads the ledger; one that was never written is empty.
 * @param version the version written last in this request, or empty: without it an older one may come back for a while
 */
export async function readLedger(secrets: SecretsManagerClient, version: string): Promise<Ledger> {
  return (await readVersion(secrets, version)).ledger;
}

/** One version of the ledger. */
export interface LedgerVersion {
  ledger: Ledger;
  /** Empty if it was never written. */
  version: string;
  /** ISO 8601. */
  writtenAt: string;
}

/** The same, with which version it is, and when it was written. */
export async function readVersion(secrets: SecretsManagerClient, version: string): Promise<LedgerVersion> {
  try {
    const { SecretString, VersionId = '', CreatedDate = new Date() } = await secrets.send(
      new GetSecretValueCommand({ SecretId: environment('LEDGER'), ...(version && { VersionId: version }) }),
    );
    return { ledger: parse(SecretString ?? '{}'), version: VersionId, writtenAt: CreatedDate.toISOString() };
  } catch (error) {
    if (!(error instanceof Error && error.name === 'ResourceNotFoundException')) throw error;
    // A secret that never had a value answers this (Secrets Manager API Reference, GetSecretValue); so may, for a moment, a version just written.
    if (version === '') return { ledger: {}, version, writtenAt: new Date().toISOString() };
    throw new TransientError(`The ledger's version ${version} is not visible yet`);
  }
}

function parse(text: string): Ledger {
  try {
    return JSON.parse(text) as Ledger;
  } catch {
    // The parser's own message quotes the text, which holds a password.
    throw new Refused(LEDGER_UNREADABLE);
  }
}

/** Writes the ledger and returns the version to read next. */
export function writeLedger(secrets: SecretsManagerClient, ledger: Ledger): Promise<string> {
  return put(secrets, { SecretString: JSON.stringify(ledger) });
}

/**
 * Writes what follows a version, once: a step that is tried again writes no other version than before. After two more, the version that
 * it begins with would have no label, and Secrets Manager may delete it (User Guide, whats-in-a-secret).
 * @param version the version that the ledger was read from, as `readVersion` answers it
 */
export function writeLedgerOnce(secrets: SecretsManagerClient, ledger: Ledger, version: string): Promise<string> {
  const SecretString = JSON.stringify(ledger);
  return put(secrets, { SecretString, ClientRequestToken: createHash('sha256').update(`${version} ${SecretString}`).digest('hex') });
}

async function put(secrets: SecretsManagerClient, content: { SecretString: string; ClientRequestToken?: string }): Promise<string> {
  const { VersionId } = await secrets.send(new PutSecretValueCommand({ SecretId: environment('LEDGER'), ...content }));
  return VersionId ?? '';
}
