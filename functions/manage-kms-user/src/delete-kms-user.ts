import { readLedger } from '../../shared/src/ledger';
import type { ClientCommand } from '../../shared/src/request';
import { readAdminLogin } from './admin-login';
import { checkAllSeen } from './check-all-seen';
import { encryptFor, readInspection } from './command';
import type { Clients, KmsUserEvent } from './step';
import { spendLogin } from './spend-login';

/** Sends the command that deletes the kmsuser which the ledger says is ours; no command, and no login, if it is gone already. */
export async function deleteKmsUser(clients: Clients, event: KmsUserEvent): Promise<ClientCommand> {
  const inspection = await readInspection(clients, event);
  const ledger = await readLedger(clients.secrets, event.Command.Ledger);
  if (inspection.kmsuser === 'absent') {
    await checkAllSeen(clients, event.ClusterId, inspection);
    return { ...event.Command, Step: 'done' };
  }
  // A kmsuser that is there shows that the login which created it was accepted.
  const login = await readAdminLogin(clients.secrets, ledger.login?.step === 'create' ? undefined : ledger.login?.version);
  return spendLogin(clients, event, 'delete', ledger, login, encryptFor(inspection, [login.pin]));
}
