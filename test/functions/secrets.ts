import { refuse, type Json, type Script, type WireCall, type WireError } from './wire';

/** When every version was written, in milliseconds. */
export const WRITTEN_AT = Date.parse('2026-01-01T12:00:00.000Z');

/** Secrets with their versions, as Secrets Manager keeps them. The wire's script takes `answers`. */
export class Secrets {
  readonly #versions = new Map<string, { id: string; value: Json; token: unknown }[]>();

  /** Adds a version of a secret with a string; the newest is current. Its id is `<secret>-<number>`. */
  put(secret: string, text: string): this {
    return this.putValue(secret, { SecretString: text });
  }

  /** Adds a version with any value, such as a binary one. */
  putValue(secret: string, value: Json, token?: unknown): this {
    const versions = this.#versions.get(secret) ?? [];
    versions.push({ id: `${secret}-${String(versions.length + 1)}`, value, token });
    this.#versions.set(secret, versions);
    return this;
  }

  /** The current value of a secret that holds JSON. */
  json(secret: string): Json {
    const current = this.#versions.get(secret)?.at(-1);
    if (!current) throw new Error(`Secret ${secret} has no value`);
    return JSON.parse(String(current.value['SecretString'])) as Json;
  }

  /** How many versions a secret has. */
  count(secret: string): number {
    return this.#versions.get(secret)?.length ?? 0;
  }

  /** What Secrets Manager answers. */
  get answers(): Script {
    return {
      'secretsmanager:GetSecretValue': ({ input }: WireCall): Json | WireError => {
        const versions = this.#versions.get(String(input['SecretId'])) ?? [];
        const wanted = input['VersionId'];
        const found = wanted === undefined ? versions.at(-1) : versions.find(({ id }) => id === wanted);
        return found ? { ...found.value, VersionId: found.id, CreatedDate: WRITTEN_AT / 1000 } : refuse('ResourceNotFoundException');
      },
      // The same token with the same value makes no second version (Secrets Manager API Reference, PutSecretValue).
      'secretsmanager:PutSecretValue': ({ input }: WireCall): Json | WireError => {
        const secret = String(input['SecretId']);
        const { SecretString, ClientRequestToken: token } = input;
        const before = token === undefined ? undefined : this.#versions.get(secret)?.find((version) => version.token === token);
        if (before) return before.value['SecretString'] === SecretString ? { VersionId: before.id } : refuse('ResourceExistsException');
        this.putValue(secret, { SecretString }, token);
        return { VersionId: `${secret}-${String(this.count(secret))}` };
      },
    };
  }
}
