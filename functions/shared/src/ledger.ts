import { GetSecretValueCommand, PutSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { environment } from './environment';
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
  /** The key store was about to be created, with this name and cluster, at this time (ISO 8601). */
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
  try {
    const { SecretString } = await secrets.send(
      new GetSecretValueCommand({ SecretId: environment('LEDGER'), ...(version && { VersionId: version }) }),
    );
    return parse(SecretString ?? '{}');
  } catch (error) {
    if (!(error instanceof Error && error.name === 'ResourceNotFoundException')) throw error;
    // A secret that never had a value answers this (Secrets Manager API Reference, GetSecretValue); so may, for a moment, a version just written.
    if (version === '') return {};
    throw new TransientError(`The ledger's version ${version} is not visible yet`);
  }
}

function parse(text: string): Ledger {
  try {
    return JSON.parse(text) as Ledger;
  } catch {
    // The parser's own message quotes the text, which holds a password.
    throw new KeyStoreLedgerUnreadable();
  }
}

/** The ledger is no JSON. */
class KeyStoreLedgerUnreadable extends Error {
  override readonly name = 'KeyStoreLedgerUnreadable';

  constructor() {
    super("The stack's ledger (secret rSecretLedger) was changed by hand and cannot be read: put its previous version back (aws secretsmanager update-secret-version-stage) and try again");
  }
}

/** Writes the ledger and returns the version to read next. */
export async function writeLedger(secrets: SecretsManagerClient, ledger: Ledger): Promise<string> {
  const { VersionId } = await secrets.send(new PutSecretValueCommand({ SecretId: environment('LEDGER'), SecretString: JSON.stringify(ledger) }));
  return VersionId ?? '';
}
