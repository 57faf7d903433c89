import { countActive, readCluster } from '../../shared/src/client-cluster';
import { Overtaken } from '../../shared/src/check-newest';
import { describeFailure, readClientResult, type ClientResult } from '../../shared/src/client-result';
import { environment } from '../../shared/src/environment';
import { compareAsked } from '../../shared/src/execution-name';
import { readVersion, writeLedgerOnce, type Ledger, type LedgerVersion } from '../../shared/src/ledger';
import { CLUSTER_MISSING, KMSUSER_INCOMPLETE, KMSUSER_NOT_CREATED, KMSUSER_NOT_DELETED, KMSUSER_NOT_RESET, KMSUSER_THERE } from '../../shared/src/messages';
import { Refused } from '../../shared/src/refused';
import type { ClientCommand } from '../../shared/src/request';
import { say } from '../../shared/src/say';
import { checkAllSeen } from './check-all-seen';
import type { Clients, KmsUserEvent } from './step';

/** What a refusal says when kmsuser still owns keys. Nothing documents the wording: what does not match counts as a failure. */
const OWNS_KEYS = /\bown.*\bkey|\bkey.*\bown/i;

/**
 * Reads what the command that created, reset or deleted kmsuser has done, and puts it into the ledger: also where another update has taken over
 * since, which finds it there, or the one after it does.
 * @throws Overtaken then
 */
export async function confirm(clients: Clients, event: KmsUserEvent): Promise<ClientCommand> {
  const { Command, ClusterId } = event;
  const result = await readClientResult(clients.ssm, Command.CommandId);
  const { ledger, version, overtakenBy } = await readOwnOrLater(clients, event);
  const { login, ...rest } = ledger;
  const record = async (next: Ledger): Promise<ClientCommand> => {
    const Ledger = await writeLedgerOnce(clients.secrets, next, version);
    if (overtakenBy !== undefined) throw new Overtaken(overtakenBy);
    return { ...Command, Step: 'done', Ledger };
  };
  switch (result.outcome) {
    case 'created': {
      const done = await record({ ...rest, made: true });
      await checkCoverage(clients, ClusterId, result);
      return done;
    }
    case 'reset': {
      const { code: _wasWrong, ...changing } = rest.changing ?? {};
      const done = await record({ ...rest, changing: { ...changing, untold: ClusterId } });
      await checkCoverage(clients, ClusterId, result);
      return done;
    }
    case 'not-reset':
      if (overtakenBy !== undefined) await record(ledger);
      throw new Refused(say(KMSUSER_NOT_RESET, said(result)));
    // A kmsuser that the list shows afterwards is somebody else's, and one that it does not show has not been made: nothing is ours.
    case 'exists':
      await record(withoutKmsUser(rest));
      throw new Refused(KMSUSER_THERE);
    case 'not-created':
      await record({ ...withoutKmsUser(rest), ...(login && { login }) });
      throw new Refused(say(KMSUSER_NOT_CREATED, said(result)));
    case 'deleted':
    case 'absent':
      await checkAllSeen(clients, ClusterId, result).catch(async (error: unknown) => {
        if (error instanceof Refused) await record(rest);
        throw error;
      });
      return record(withoutKmsUser(rest));
    case 'not-deleted':
      // A refusal because it owns keys is a safe stop: the keys, and so kmsuser, stay.
      if (OWNS_KEYS.test(result.detail ?? '')) return record(rest);
      throw new Refused(say(KMSUSER_NOT_DELETED, said(result)));
    default:
      // A command that ended before its login leaves that login to be tried again.
      if (result.logins === '0') await record(rest);
      if (overtakenBy !== undefined) await record(ledger);
      throw new Refused(describeFailure(result));
  }
}

/**
 * The ledger as this request has written it last, or, where a later update has taken over since, as that one has, with what this request alone
 * knows: the password that it gave kmsuser, and the login that it spent. The later one may have written what it read before that.
 */
async function readOwnOrLater({ secrets }: Clients, { Command, Execution }: KmsUserEvent): Promise<LedgerVersion & { overtakenBy?: string }> {
  const own = await readVersion(secrets, Command.Ledger);
  if (!Execution) return own;
  const later = await readVersion(secrets, '');
  const overtakenBy = later.ledger.newest?.execution;
  if (overtakenBy === undefined || overtakenBy === Execution || compareAsked(overtakenBy, Execution) < 0) return own;
  const { intent, login } = own.ledger;
  return { ...later, ledger: { ...later.ledger, ...(intent !== undefined && { intent }), ...(login && { login }) }, overtakenBy };
}

const said = ({ detail = 'nothing' }: ClientResult) => ({ detail, secret: environment('ADMIN_SECRET') });

function withoutKmsUser({ intent: _intent, made: _made, ...others }: Ledger): Ledger {
  return others;
}

async function checkCoverage({ cloudHsm }: Clients, clusterId: string, { coverage, hsms }: ClientResult): Promise<void> {
  const cluster = await readCluster(cloudHsm, clusterId);
  if (!cluster) throw new Refused(say(CLUSTER_MISSING, { cluster: clusterId }));
  const active = countActive(cluster);
  if (coverage === 'full' && Number(hsms) === active) return;
  throw new Refused(say(KMSUSER_INCOMPLETE, { coverage: coverage ?? 'unknown', answering: hsms ?? 0, instance: environment('INSTANCE'), active }));
}
