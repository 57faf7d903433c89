import { randomInt } from 'node:crypto';
import { readLedger, writeLedger } from '../../shared/src/ledger';
import type { ClientCommand } from '../../shared/src/request';
import { readAdminLogin } from './admin-login';
import { encryptFor, readInspection, sendCommand } from './command';
import type { Clients, KmsUserEvent } from './index';
import { KmsUserExists } from './kms-user-errors';

/** Sends the command that creates kmsuser, with its password in the ledger first. */
export async function createKmsUser({ secrets, ssm }: Clients, { Command }: KmsUserEvent): Promise<ClientCommand> {
  const inspection = await readInspection(ssm, Command.CommandId);
  if (inspection.kmsuser !== 'absent') throw new KmsUserExists();
  const ledger = await readLedger(secrets, Command.Ledger);
  const login = await readAdminLogin(secrets, ledger.login?.version);
  const password = ledger.intent ?? newPassword();
  const Ledger = await writeLedger(secrets, { ...ledger, intent: password, login: { step: 'create', version: login.version } });
  return sendCommand(ssm, { Step: 'create', Ledger }, encryptFor(inspection, [login.pin, password]));
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** 32 letters and digits: the longest password that KMS takes, of the only characters that it takes (KMS Developer Guide, create-keystore). */
function newPassword(): string {
  return Array.from({ length: 32 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
}
