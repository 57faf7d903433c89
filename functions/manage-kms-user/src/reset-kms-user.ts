import { checkNewest } from '../../shared/src/check-newest';
import { readLedger } from '../../shared/src/ledger';
import type { ClientCommand } from '../../shared/src/request';
import { readAdminLogin } from './admin-login';
import { encryptFor, readInspection } from './command';
import { inspect } from './look-and-forget';
import { newPassword } from './new-password';
import { spendLogin } from './spend-login';
import type { Clients, KmsUserEvent } from './step';

/**
 * Sends the command that looks, while nothing is changed yet.
 * @throws Refused if the login that is to come cannot be used, or is spent
 */
export async function prepareReset(clients: Clients, event: KmsUserEvent): Promise<ClientCommand> {
  const { login } = await readLedger(clients.secrets, event.Command.Ledger);
  await readAdminLogin(clients.secrets, login?.version);
  return { ...(await inspect(clients, event)), Step: 'prepare' };
}

/**
 * Sends the command that gives kmsuser a new password, which goes into the ledger first. A kmsuser that is not there is created; one that is there
 * belongs to the key store: the store is this stack's, and a cluster that takes the place of another is of the same backups.
 */
export async function resetKmsUser(clients: Clients, event: KmsUserEvent): Promise<ClientCommand> {
  const inspection = await readInspection(clients, event);
  await checkNewest(clients.secrets, event.Execution);
  // A run before this one may have sent its command and not lived to tell: then the newest version has the note of its login. The planned one may be gone.
  const ledger = await readLedger(clients.secrets, event.Attempt ? '' : event.Command.Ledger);
  const login = await readAdminLogin(clients.secrets, ledger.login?.version);
  // One that kmsuser has got, and KMS has not been told, is as good as a new one, and stays right if nothing comes of this command.
  const intent = (ledger.changing?.untold === event.ClusterId ? ledger.intent : undefined) ?? newPassword();
  return spendLogin(clients, event, 'reset', { ...ledger, intent }, login, encryptFor(inspection, [login.pin, intent]));
}
