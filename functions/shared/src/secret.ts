import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SECRET_BINARY, SECRET_DELETED, SECRET_MISSING } from './messages';
import { Refused } from './refused';
import { say } from './say';

/** The current version of a secret that the user names. */
export interface UserSecret {
  text: string;
  version: string;
}

/**
 * Reads a secret that the user names.
 * @throws Refused if it does not exist, has no value, is being deleted, or is binary (Secrets Manager API Reference, GetSecretValue);
 * any other error as it is: AccessDeniedException may stand for a secret that does not exist, because IAM is asked first
 */
export async function readSecret(secrets: SecretsManagerClient, secret: string): Promise<UserSecret> {
  try {
    const { SecretString, VersionId = '' } = await secrets.send(new GetSecretValueCommand({ SecretId: secret }));
    if (SecretString === undefined) throw new Refused(say(SECRET_BINARY, { secret }));
    return { text: SecretString, version: VersionId };
  } catch (error) {
    const name = error instanceof Error ? error.name : '';
    if (name === 'ResourceNotFoundException') throw new Refused(say(SECRET_MISSING, { secret }));
    if (name === 'InvalidRequestException') throw new Refused(say(SECRET_DELETED, { secret }));
    throw error;
  }
}
