import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { compareAsked } from './execution-name';
import { readLedger } from './ledger';
import { TransientError } from './transient';

/** Another request has come since, and this one must do no more. CloudFormation has cancelled it, and shows no answer to it. */
export class Overtaken extends Error {
  override readonly name = 'Overtaken';
}

/**
 * Makes sure that no other update has planned since. Both run where nobody could stop the one before: the rollback of an update that gave the state
 * machines other names knows the old ones only.
 * @param execution the ARN of the update's own; undefined or empty in a request that is no update
 * @throws TransientError if one has, or if Secrets Manager still shows a version from before
 */
export async function checkNewest(secrets: SecretsManagerClient, execution: string | undefined): Promise<void> {
  if (!execution) return;
  const shown = (await readLedger(secrets, '')).newest?.execution;
  if (shown === execution) return;
  if (shown === undefined || compareAsked(shown, execution) < 0) throw new TransientError('The plan of this update is not visible yet');
  // Undated, it may be one from before that Secrets Manager still shows: the states try again.
  throw new TransientError(`Overtaken: ${shown}`);
}
