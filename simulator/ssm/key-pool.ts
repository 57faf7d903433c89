import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';

const generate = promisify(generateKeyPair);

/**
 * Real RSA keys that instances of many accounts share, because one takes half a second to make. Within one account
 * no key is given twice, so the pool makes as many as the account that asks for most. For tests of what happens around keys, not of the keys.
 */
export class KeyPool {
  readonly #keys = new Map<string, Promise<string>>();

  /**
   * A private key as PEM text, as openssl 3 writes it.
   * @param number counts the keys that one account has asked for, from 0
   */
  key(bits: number, number: number): Promise<string> {
    const name = `${bits} ${number}`;
    const known = this.#keys.get(name);
    if (known) return known;
    const made = generate('rsa', {
      modulusLength: bits,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    }).then(({ privateKey }) => privateKey);
    this.#keys.set(name, made);
    return made;
  }
}
