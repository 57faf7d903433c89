import type { AdminLogin } from '../../shared/src/admin-secret';
import { writeLedger, type Ledger } from '../../shared/src/ledger';
import type { ClientCommand } from '../../shared/src/request';
import { isRefusal } from '../../shared/src/transient';
import { ClientNotReachable, sendCommand, type ForKey } from './command';
import type { Clients, KmsUserEvent } from './step';

/**
 * Sends a command that spends the admin's login, with a note of it in the ledger first. A command that Systems Manager has
 * refused spends none, so the note is withdrawn; after an error that leaves open whether the command was sent, it stays.
 */
export async function spendLogin(
  { secrets, ssm }: Clients,
  { ClusterId }: KmsUserEvent,
  step: 'create' | 'reset' | 'delete',
  ledger: Ledger,
  login: AdminLogin,
  change: ForKey,
): Promise<ClientCommand> {
  const Ledger = await writeLedger(secrets, { ...ledger, login: { step, version: login.version } });
  try {
    return await sendCommand(ssm, { Step: step, Ledger }, ClusterId, change);
  } catch (error) {
    if (error instanceof ClientNotReachable || isRefusal(error)) await writeLedger(secrets, ledger);
    throw error;
  }
}
