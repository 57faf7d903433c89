import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { readLedger } from './ledger';
import { TransientError } from './transient';

/** What an update says that another one has taken over from. CloudFormation has cancelled its request, and shows no answer to it. */
export const superseded = (newest: string): string => `A later update has taken over, and this one does no more: ${newest}`;

/**
 * Makes sure that no other update has planned since. Both run where nobody could stop the one before: the rollback of an update that gave the state
 * machines other names knows the old ones only.
 * @param execution the ARN of the update's own; undefined or empty in a request that is no update
 * @throws TransientError if one has, or if Secrets Manager still shows a version from before
 */
export async function checkNewest(secrets: SecretsManagerClient, execution: string | undefined): Promise<void> {
  if (!execution) return;
  const shown = (await readLedger(secrets, '')).newest?.execution;
  if (shown !== execution) throw new TransientError(superseded(shown ?? 'not shown yet'));
}
