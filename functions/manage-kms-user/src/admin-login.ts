import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { environment } from '../../shared/src/environment';

/** The admin's login, of one version of the secret. */
export interface AdminLogin {
  /** `user:password`, as cloudhsm-cli takes it. */
  pin: string;
  version: string;
}

/** What the client script takes: an HSM user's name, and a password without what would end it (CloudHSM User Guide, limits and configure-sdk-5). */
const PIN = /^\w{1,31}:[^:\r\n]{1,32}$/;

/** The secret with the admin's password cannot be used. */
export class AdminSecretNotUsable extends Error {
  override readonly name = 'AdminSecretNotUsable';
}

/** A login with this version of the secret was spent without success; five refused ones would lock the admin out. */
export class AdminLoginSpent extends Error {
  override readonly name = 'AdminLoginSpent';
}

/**
 * Reads the admin's login: the secret is the bare password, or JSON with `password` and, optionally, `username`.
 * @param spentVersion a version of the secret whose login was not accepted: it is never tried again
 * @throws AdminSecretNotUsable, AdminLoginSpent
 */
export async function readAdminLogin(secrets: SecretsManagerClient, spentVersion: string | undefined): Promise<AdminLogin> {
  const name = environment('ADMIN_SECRET');
  const { SecretString, VersionId = '' } = await secrets.send(new GetSecretValueCommand({ SecretId: name }));
  if (SecretString === undefined) throw new AdminSecretNotUsable(`Secret ${name} is binary: store the admin's password as a string`);
  if (VersionId === spentVersion) {
    throw new AdminLoginSpent(
      `A login with secret ${name} was spent before, and no answer shows that it was accepted. It is not tried again, because five refused logins lock the admin out. Check the password ` +
        '(cloudhsm-cli login --username admin --role admin), store it again (aws secretsmanager put-secret-value), and try again',
    );
  }
  const pin = parseSecret(SecretString);
  if (!PIN.test(pin)) {
    throw new AdminSecretNotUsable(
      `Secret ${name} holds no usable password: store the bare password, or JSON with the key "password" (and "username", if it is not admin); it has at most 32 characters, and a colon or a line break cannot be part of it`,
    );
  }
  return { pin, version: VersionId };
}

function parseSecret(secret: string): string {
  if (!secret.trimStart().startsWith('{')) return `admin:${secret}`;
  try {
    const { username = 'admin', password } = JSON.parse(secret) as { username?: unknown; password?: unknown };
    return typeof username === 'string' && typeof password === 'string' ? `${username}:${password}` : '';
  } catch {
    // Not JSON: a password may begin with a brace.
    return `admin:${secret}`;
  }
}
