import { readCluster } from '../../shared/src/client-cluster';
import { describeFailure, readClientResult, ClientCommandFailed, type ClientResult } from '../../shared/src/client-result';
import { readLedger, writeLedger, type Ledger } from '../../shared/src/ledger';
import type { ClientCommand } from '../../shared/src/request';
import type { Clients, KmsUserEvent } from './step';
import { KmsUserExists, KmsUserIncomplete, KmsUserNotChanged } from './kms-user-errors';

/** What a refusal says when kmsuser still owns keys. Nothing documents the wording: what does not match counts as a failure. */
const OWNS_KEYS = /\bown.*\bkey|\bkey.*\bown/i;

/** Reads what the command that created or deleted kmsuser has done, and puts it into the ledger. */
export async function confirm(clients: Clients, event: KmsUserEvent): Promise<ClientCommand> {
  const { Command, ClusterId } = event;
  const result = await readClientResult(clients.ssm, Command.CommandId);
  const { login, ...rest } = await readLedger(clients.secrets, Command.Ledger);
  const record = async (ledger: Ledger): Promise<ClientCommand> => ({
    ...Command,
    Step: 'done',
    Ledger: await writeLedger(clients.secrets, ledger),
  });
  switch (result.outcome) {
    case 'created': {
      const done = await record({ ...rest, made: true });
      await checkCoverage(clients, ClusterId, result);
      return done;
    }
    // A kmsuser that the list shows afterwards is somebody else's, and one that it does not show has not been made: nothing is ours.
    case 'exists':
      await record(withoutKmsUser(rest));
      throw new KmsUserExists();
    case 'not-created':
      await record({ ...withoutKmsUser(rest), ...(login && { login }) });
      throw new KmsUserNotChanged('create', result.detail);
    case 'deleted':
    case 'absent':
      return record(withoutKmsUser(rest));
    case 'not-deleted':
      // A refusal because it owns keys is a safe stop: the keys, and so kmsuser, stay.
      if (OWNS_KEYS.test(result.detail ?? '')) return record(rest);
      throw new KmsUserNotChanged('delete', result.detail);
    default:
      // A command that ended before its login leaves that login to be tried again.
      if (result.logins === '0') await record(rest);
      throw new ClientCommandFailed(describeFailure(result));
  }
}

function withoutKmsUser({ intent: _intent, made: _made, ...others }: Ledger): Ledger {
  return others;
}

async function checkCoverage({ cloudHsm }: Clients, clusterId: string, { coverage, hsms }: ClientResult): Promise<void> {
  const cluster = await readCluster(cloudHsm, clusterId);
  const active = (cluster?.Hsms ?? []).filter((hsm) => hsm.State === 'ACTIVE').length;
  if (coverage !== 'full' || Number(hsms) !== active) throw new KmsUserIncomplete(coverage, hsms, active);
}
