import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { superseded } from '../../shared/src/check-newest';
import { compareAsked } from '../../shared/src/execution-name';
import { writeLedgerOnce, type Ledger, type NewestUpdate } from '../../shared/src/ledger';

/** An update that has been taken over from may still act. The state PlanUpdate tries again. */
export class EarlierUpdateMayAct extends Error {
  override readonly name = 'EarlierUpdateMayAct';
}

/** How long it may act, in milliseconds, after a last look into the ledger: a function's time-out of 30 s, twice. */
const SETTLE = 60_000;

/**
 * Makes an execution the newest update.
 * @returns what the plan notes in the ledger
 * @throws EarlierUpdateMayAct for a while where an update was left half-done by state machines of other names: nobody may have stopped it
 * @throws Error if a later update has planned already
 */
export async function takeOver(secrets: SecretsManagerClient, ledger: Ledger, version: string, execution: string): Promise<NewestUpdate> {
  const { newest } = ledger;
  if (!newest) return { execution };
  if (newest.execution === execution) {
    if (Date.now() < Date.parse(newest.tookOverAt ?? '') + SETTLE) throw new EarlierUpdateMayAct('An update that has been taken over from may still act');
    return newest;
  }
  if (compareAsked(newest.execution, execution) > 0) throw new Error(superseded(newest.execution));
  if (!ledger.changing || machineOf(newest.execution) === machineOf(execution)) return { execution };
  await writeLedgerOnce(secrets, { ...ledger, newest: { execution, tookOverAt: new Date().toISOString() } }, version);
  throw new EarlierUpdateMayAct(`An earlier update may still act: ${newest.execution}`);
}

/** An execution's ARN without its name. */
const machineOf = (execution: string): string => execution.slice(0, execution.lastIndexOf(':'));
