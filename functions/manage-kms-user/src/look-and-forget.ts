import type { ClientCommand } from '../../shared/src/request';
import { sendCommand } from './command';
import type { Clients, KmsUserEvent } from './step';

/** Sends the command that looks at the client and the cluster's users, without any login, and makes a throw-away key there. */
export function inspect({ ssm }: Clients, { Command, ClusterId }: KmsUserEvent): Promise<ClientCommand> {
  return sendCommand(ssm, { Step: 'inspect', Ledger: Command.Ledger }, ClusterId);
}

/** Sends the command that removes this stack's keys from the client. Nobody waits for it. */
export function forget({ ssm }: Clients, { Command, ClusterId }: KmsUserEvent): Promise<ClientCommand> {
  return sendCommand(ssm, { Step: 'forget', Ledger: Command.Ledger }, ClusterId);
}
