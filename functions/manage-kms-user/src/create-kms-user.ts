import { readLedger } from '../../shared/src/ledger';
import { KMSUSER_THERE } from '../../shared/src/messages';
import { Refused } from '../../shared/src/refused';
import type { ClientCommand } from '../../shared/src/request';
import { readAdminLogin } from './admin-login';
import { encryptFor, readInspection } from './command';
import { newPassword } from './new-password';
import type { Clients, KmsUserEvent } from './step';
import { spendLogin } from './spend-login';

/** Sends the command that creates kmsuser, with its password in the ledger first. */
export async function createKmsUser(clients: Clients, event: KmsUserEvent): Promise<ClientCommand> {
  const inspection = await readInspection(clients, event);
  if (inspection.kmsuser !== 'absent') throw new Refused(KMSUSER_THERE);
  const ledger = await readLedger(clients.secrets, event.Command.Ledger);
  const login = await readAdminLogin(clients.secrets, ledger.login?.version);
  const password = ledger.intent ?? newPassword();
  return spendLogin(clients, event, 'create', { ...ledger, intent: password }, login, encryptFor(inspection, [login.pin, password]));
}
