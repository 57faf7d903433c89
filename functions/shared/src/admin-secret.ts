import { ADMIN_PASSWORD_UNUSABLE } from './messages';
import { Refused } from './refused';
import { say } from './say';
import type { UserSecret } from './secret';

/** The admin's login, of one version of the secret. */
export interface AdminLogin {
  username: string;
  /** `user:password`, as cloudhsm-cli takes it. */
  pin: string;
  version: string;
}

/** What the client script takes: an HSM user's name, and a password without what would end it (CloudHSM User Guide, limits and configure-sdk-5). */
const PIN = /^(\w{1,31}):[^:\r\n]{7,32}$/;

/**
 * Finds the admin's login in a secret: the bare password, or JSON with `password` and, optionally, `username`.
 * @throws Refused if it holds none that can be used; the text never quotes the secret
 */
export function parseAdminSecret(secret: string, { text, version }: UserSecret): AdminLogin {
  const pin = readPin(text);
  const [, username] = PIN.exec(pin) ?? [];
  if (username === undefined) throw new Refused(say(ADMIN_PASSWORD_UNUSABLE, { secret }));
  return { username, pin, version };
}

function readPin(text: string): string {
  if (!text.trimStart().startsWith('{')) return `admin:${text}`;
  try {
    const { username = 'admin', password } = JSON.parse(text) as { username?: unknown; password?: unknown };
    return typeof username === 'string' && typeof password === 'string' ? `${username}:${password}` : '';
  } catch {
    // Not JSON: a password may begin with a brace.
    return `admin:${text}`;
  }
}
