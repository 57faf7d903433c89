import { GetSecretValueCommand, PutSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { createHash } from 'node:crypto';
import { environment } from './environment';
import { LEDGER_UNREADABLE } from './messages';
import { Refused } from './refused';
import type { KeyStoreProperties } from './request';
import { TransientError } from './transient';

/** What the stack has made or was about to make. Written ahead of each step, so that a Delete at any moment knows what is ours. */
export interface Ledger {
  /** kmsuser's first password: kmsuser was about to be created. */
  intent?: string;
  /** The client confirmed that it created kmsuser. */
  made?: boolean;
  /** An admin login was about to be spent on this version of the admin secret, and no answer has shown that it was accepted. */
  login?: { step: 'create' | 'delete'; version: string };
  /** The key store was about to be renamed to this. */
  renaming?: string;
  /** The key store was about to be created, with this name and cluster, after this time (ISO 8601). */
  storing?: { name: string; clusterId: string; at: string };
  /** The id of the key store. */
  store?: string;
  /** The properties that the last successful request left in force. */
  created?: KeyStoreProperties;
}

/**
 * Reads the ledger; one that was never written is empty.
 * @param version the version written last in this request, or empty: without it an older one may come back for a while
 */
export async function readLedger(secrets: SecretsManagerClient, version: string): Promise<Ledger> {
  return (await readWithTime(secrets, version)).ledger;
}

/** The same, with the time when that version was written (ISO 8601). */
export async function readWithTime(secrets: SecretsManagerClient, version: string): Promise<{ ledger: Ledger; writtenAt: string }> {
  try {
    const { SecretString, CreatedDate = new Date() } = await secrets.send(
      new GetSecretValueCommand({ SecretId: environment('LEDGER'), ...(version && { VersionId: version }) }),
    );
    return { ledger: parse(SecretString ?? '{}'), writtenAt: CreatedDate.toISOString() };
  } catch (error) {
    if (!(error instanceof Error && error.name === 'ResourceNotFoundException')) throw error;
    // A secret that never had a value answers this (Secrets Manager API Reference, GetSecretValue); so may, for a moment, a version just written.
    if (version === '') return { ledger: {}, writtenAt: new Date().toISOString() };
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
 * @param version the version that the ledger was read from
 */
export function writeLedgerOnce(secrets: SecretsManagerClient, ledger: Ledger, version: string): Promise<string> {
  const SecretString = JSON.stringify(ledger);
  return put(secrets, { SecretString, ClientRequestToken: createHash('sha256').update(`${version} ${SecretString}`).digest('hex') });
}

async function put(secrets: SecretsManagerClient, content: { SecretString: string; ClientRequestToken?: string }): Promise<string> {
  const { VersionId } = await secrets.send(new PutSecretValueCommand({ SecretId: environment('LEDGER'), ...content }));
  return VersionId ?? '';
}
