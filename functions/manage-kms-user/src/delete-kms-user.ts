import { readLedger, writeLedger } from '../../shared/src/ledger';
import type { ClientCommand } from '../../shared/src/request';
import { readAdminLogin } from './admin-login';
import { encryptFor, readInspection, sendCommand } from './command';
import type { Clients, KmsUserEvent } from './index';

/** Sends the command that deletes the kmsuser which the ledger says is ours; no command, and no login, if it is gone already. */
export async function deleteKmsUser({ secrets, ssm }: Clients, { Command }: KmsUserEvent): Promise<ClientCommand> {
  const inspection = await readInspection(ssm, Command.CommandId);
  const { login: spent, ...ledger } = await readLedger(secrets, Command.Ledger);
  if (inspection.kmsuser === 'absent') return { ...Command, Step: 'done' };
  // A kmsuser that is there shows that the login which created it was accepted.
  const login = await readAdminLogin(secrets, spent?.step === 'delete' ? spent.version : undefined);
  const Ledger = await writeLedger(secrets, { ...ledger, login: { step: 'delete', version: login.version } });
  return sendCommand(ssm, { Step: 'delete', Ledger }, encryptFor(inspection, [login.pin]));
}
