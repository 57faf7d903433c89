import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { parseAdminSecret, type AdminLogin } from '../../shared/src/admin-secret';
import { environment } from '../../shared/src/environment';
import { LOGIN_SPENT } from '../../shared/src/messages';
import { Refused } from '../../shared/src/refused';
import { say } from '../../shared/src/say';
import { readSecret } from '../../shared/src/secret';

/**
 * Reads the admin's login.
 * @param spentVersion a version of the secret whose login was not accepted: it is never tried again, because five refused ones lock the admin out
 * @throws Refused if the secret cannot be used, or its version is spent
 */
export async function readAdminLogin(secrets: SecretsManagerClient, spentVersion: string | undefined): Promise<AdminLogin> {
  const secret = environment('ADMIN_SECRET');
  const stored = await readSecret(secrets, secret);
  if (stored.version === spentVersion) throw new Refused(say(LOGIN_SPENT, { secret }));
  return parseAdminSecret(secret, stored);
}
