import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { Overtaken } from '../../shared/src/check-newest';
import { compareAsked } from '../../shared/src/execution-name';
import { writeLedgerOnce, type Ledger, type NewestUpdate } from '../../shared/src/ledger';

/** An update that has been taken over from may still act. The states PlanUpdate and FindKeyStore try again. */
export class EarlierUpdateMayAct extends Error {
  override readonly name = 'EarlierUpdateMayAct';

  constructor(execution: string) {
    super(`An earlier update may still act, from which this one has taken over: ${execution}`);
  }
}

/** How long it may act, in milliseconds, after a last look into the ledger: a function's time-out of 30 s, twice. */
export const SETTLE = 60_000;

/**
 * Makes the execution of an update, or of a Delete, the newest.
 * @returns what the plan notes in the ledger
 * @throws EarlierUpdateMayAct for a while where an update was left half-done by state machines of other names: nobody may have stopped it
 * @throws Overtaken if a later update has planned already
 */
export async function takeOver(secrets: SecretsManagerClient, ledger: Ledger, version: string, execution: string): Promise<NewestUpdate> {
  const { newest } = ledger;
  if (!newest) return { execution };
  if (newest.execution === execution) {
    if (Date.now() < Date.parse(newest.tookOverAt ?? '') + SETTLE) throw new EarlierUpdateMayAct(execution);
    return newest;
  }
  if (compareAsked(newest.execution, execution) > 0) throw new Overtaken(newest.execution);
  if (!ledger.changing || stackOf(newest.execution) === stackOf(execution)) return { execution };
  await writeLedgerOnce(secrets, { ...ledger, newest: { execution, tookOverAt: new Date().toISOString() } }, version);
  throw new EarlierUpdateMayAct(execution);
}

/** What the ARNs of the executions of all machines that were made together begin with. */
const stackOf = (execution: string): string => execution.replace(/-(update|delete)-key-store:[^:]*$/, '');
