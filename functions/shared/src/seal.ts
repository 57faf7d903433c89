import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { environment } from './environment';

/** What a sealed text is bound to: it opens for no other request. */
export interface SealedFor {
  StackId: string;
  RequestId: string;
}

const ALGORITHM = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Reads the stack's seal key (a generated secret) and derives the 256-bit key from it. */
export async function readSealKey(secrets: SecretsManagerClient): Promise<Buffer> {
  const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId: environment('SEAL') }));
  return createHash('sha256').update(SecretString ?? '').digest();
}

/** Seals a text with AES-256-GCM for one request; the result is base64 of initialization vector, tag and ciphertext. */
export function seal(key: Buffer, text: string, boundTo: SealedFor): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, iv).setAAD(additionalData(boundTo));
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64');
}

/**
 * Opens what `seal` made.
 * @throws Error if it was made for another request, with another key, or was changed
 */
export function unseal(key: Buffer, sealed: string, boundTo: SealedFor): string {
  const bytes = Buffer.from(sealed, 'base64');
  const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES })
    .setAAD(additionalData(boundTo))
    .setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
  return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]).toString('utf8');
}

function additionalData({ StackId, RequestId }: SealedFor): Buffer {
  return Buffer.from(`${StackId} ${RequestId}`);
}
