import { alphabets } from '../alphabets';
import type { JsonObject, LocalAws, Operation, Service } from '../aws';
import { AwsError } from '../errors';
import type { Caller, Permission } from '../iam/iam';
import { timings } from '../timings';
import type { Secret, SecretValue } from './secret';

/** How long a read by staging label may miss a write. Undocumented [U]; AWS only says that reads are eventually consistent. */
const staleFor = 2_000;

const current = 'AWSCURRENT';
const previous = 'AWSPREVIOUS';

/** AWS Secrets Manager: secrets with versions and staging labels. */
export class SecretsManager implements Service {
  readonly name = 'secretsmanager';
  /** `deletedNames`: until when (virtual milliseconds) the name of a deleted secret is refused. */
  readonly state: { secrets: Record<string, Secret>; deletedNames: Record<string, number> } = { secrets: {}, deletedNames: {} };
  readonly operations: Readonly<Record<string, Operation>>;
  /** Whether a read by label right after a write may see the version before it, or none. */
  staleReads = true;

  constructor(readonly aws: LocalAws) {
    this.operations = {
      GetSecretValue: this.#operation('GetSecretValue', ['VersionId', 'VersionStage'], (input, caller) => this.#getSecretValue(input, caller)),
      PutSecretValue: this.#operation('PutSecretValue', ['SecretString', 'ClientRequestToken', 'VersionStages'], (input) => this.#putSecretValue(input)),
    };
    aws.register(this);
  }

  /** Sets a secret up, or gives it another value; reads see it at once. */
  put(name: string, value: SecretValue): Secret {
    const secret = this.find(name) ?? this.create(name);
    this.addVersion(secret, this.aws.uuid(), value, [current]);
    secret.settledAt = this.aws.clock.now;
    return secret;
  }

  /** Makes a secret without a value. Source: CreateSecret. @throws AwsError ResourceExistsException, InvalidRequestException, InvalidParameterException */
  create(name: string): Secret {
    if (!/^[\w/+=.@-]{1,512}$/.test(name)) throw new AwsError('InvalidParameterException', `Invalid name. ${name} must be alphanumeric, or any of -/_+=.@`);
    if (this.find(name)) throw new AwsError('ResourceExistsException', `The operation failed because the secret ${name} already exists.`);
    if ((this.state.deletedNames[name] ?? 0) > this.aws.clock.now) {
      throw new AwsError('InvalidRequestException', "You can't create this secret because a secret with this name is already scheduled for deletion.");
    }
    // Six random characters end the ARN, so that a new secret of the same name is not taken for the old one.
    // Source: Secrets Manager User Guide, whats-in-a-secret, "Secret ARN".
    const arn = this.aws.arn('secretsmanager', `secret:${name}-${this.aws.identifier(6, alphabets.alphanumeric)}`);
    const secret: Secret = { name, arn, versions: [], stages: {}, stagesBefore: {}, settledAt: this.aws.clock.now };
    this.state.secrets[arn] = secret;
    return secret;
  }

  /** Deletes without a recovery window; the name stays taken for 30 to 90 s. Source: DeleteSecret, ForceDeleteWithoutRecovery ("asynchronous"). */
  delete(arn: string): void {
    const secret = this.state.secrets[arn];
    if (!secret) return;
    delete this.state.secrets[arn];
    this.state.deletedNames[secret.name] = this.aws.clock.now + 30_000 + this.aws.random() * 60_000;
  }

  /** Schedules a secret for deletion with a recovery window of 30 days, which is the default. Source: DeleteSecret. */
  scheduleDeletion(name: string): void {
    this.#known(name).deletedAt = this.aws.clock.now + 30 * 24 * 3_600_000;
  }

  /** Encrypts a secret under a customer managed key: who reads it needs `kms:Decrypt` on that key. Source: Secrets Manager User Guide, security-encryption. */
  encryptUnder(name: string, keyArn: string): void {
    this.#known(name).keyArn = keyArn;
  }

  /** Disables the key of a secret, whoever asks. Source: GetSecretValue, DecryptionFailure. */
  breakKey(name: string): void {
    this.#known(name).undecipherable = true;
  }

  /** @param id name or whole ARN */
  find(id: string): Secret | undefined {
    return this.state.secrets[id] ?? Object.values(this.state.secrets).find(({ name }) => name === id);
  }

  /** Adds a version with these labels, which other versions lose. Source: PutSecretValue, VersionStages. */
  addVersion(secret: Secret, id: string, value: SecretValue, stages: readonly string[]): void {
    secret.stagesBefore = { ...secret.stages };
    secret.settledAt = this.aws.clock.now + staleFor;
    secret.versions.push({ id, value, createdAt: this.aws.clock.now });
    const replaced = secret.stages[current];
    for (const stage of stages) secret.stages[stage] = id;
    if (replaced !== undefined && stages.includes(current)) secret.stages[previous] = replaced;
    // A version without a label is deprecated and may be deleted; the label table is what keeps it.
    secret.versions = secret.versions.filter((version) => Object.values(secret.stages).includes(version.id) || Object.values(secret.stagesBefore).includes(version.id));
  }

  #operation(name: string, fields: readonly string[], run: Operation['run']): Operation {
    const permissions = (input: JsonObject): Permission[] => {
      const id = String(input['SecretId']);
      // A secret that is not there is judged by its ARN without the six characters, so that a policy for `name-??????` denies it; the error
      // names what was asked for. [C]
      const missing = id.startsWith('arn:') ? id : this.aws.arn('secretsmanager', `secret:${id}`);
      return [{ action: `secretsmanager:${name}`, resource: this.find(id)?.arn ?? missing, named: id }];
    };
    return { source: `Secrets Manager API, ${name}`, fields: ['SecretId', ...fields], permissions, latency: timings.apiCall, run };
  }

  #known(name: string): Secret {
    const secret = this.find(name);
    if (!secret) throw new Error(`There is no secret ${name}`);
    return secret;
  }

  #secretOf(input: JsonObject): Secret {
    const id = input['SecretId'];
    if (typeof id !== 'string' || id === '') throw new AwsError('InvalidParameterException', 'You must provide a secret id.');
    const secret = this.find(id);
    if (!secret) throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
    // Source: each operation's InvalidRequestException; the words are practitioners'. [C]
    if (secret.deletedAt !== undefined)
      throw new AwsError('InvalidRequestException', "You can't perform this operation on the secret because it was marked for deletion.");
    return secret;
  }

  /**
   * Who reads a secret decrypts it with rights of their own.
   * Source: Secrets Manager User Guide, security-encryption; re:Post, secrets-manager-cross-account-key (the words).
   */
  #decrypt({ arn, keyArn, undecipherable }: Secret, caller: Caller): void {
    if (keyArn !== undefined) {
      try {
        const context = { 'kms:ViaService': `secretsmanager.${this.aws.region}.amazonaws.com`, 'kms:EncryptionContext:SecretARN': arn };
        this.aws.iam.authorize(caller, { action: 'kms:Decrypt', resource: keyArn, context });
      } catch (error) {
        throw error instanceof AwsError ? new AwsError('AccessDeniedException', 'Access to KMS is not allowed') : error;
      }
    }
    if (undecipherable) throw new AwsError('DecryptionFailure', "Secrets Manager can't decrypt the protected secret text using the provided KMS key.");
  }

  /** Without a value, or without that version, ResourceNotFoundException. Source: GetSecretValue. */
  #getSecretValue(input: JsonObject, caller: Caller): JsonObject {
    const secret = this.#secretOf(input);
    const { VersionId: versionId, VersionStage: stage = current } = input;
    const stale = this.staleReads && this.aws.clock.now < secret.settledAt && this.aws.random() < 0.5;
    const stages = stale ? secret.stagesBefore : secret.stages;
    const wanted = typeof versionId === 'string' ? versionId : stages[String(stage)];
    const version = secret.versions.find(({ id }) => id === wanted);
    const labels = Object.keys(secret.stages).filter((label) => secret.stages[label] === version?.id);
    if (!version) {
      const sought = typeof versionId === 'string' ? `VersionId: ${versionId}` : `staging label: ${String(stage)}`;
      throw new AwsError('ResourceNotFoundException', `Secrets Manager can't find the specified secret value for ${sought}`);
    }
    if (versionId !== undefined && input['VersionStage'] !== undefined && !labels.includes(String(stage))) {
      throw new AwsError('InvalidRequestException', 'You provided a VersionStage that is not associated to the provided VersionId.');
    }
    this.#decrypt(secret, caller);
    // Times are in seconds since the epoch. Source: Smithy, timestamp of the AWS JSON protocols.
    return { ARN: secret.arn, Name: secret.name, VersionId: version.id, ...version.value, VersionStages: labels, CreatedDate: version.createdAt / 1000 };
  }

  #putSecretValue(input: JsonObject): JsonObject {
    const secret = this.#secretOf(input);
    const { SecretString: text, ClientRequestToken: token, VersionStages: given } = input;
    if (typeof text !== 'string') throw new AwsError('InvalidParameterException', 'You must provide either SecretString or SecretBinary.');
    if (text.length < 1 || Buffer.byteLength(text) > 65_536) throw new AwsError('ValidationException', 'SecretString must have 1 to 65536 bytes');
    // Required here as on the wire; the SDKs fill it in. Source: PutSecretValue, ClientRequestToken (32 to 64 characters).
    if (typeof token !== 'string' || token.length < 32 || token.length > 64) {
      throw new AwsError('InvalidParameterException', 'You must provide a ClientRequestToken value with 32 to 64 characters.');
    }
    const stages = Array.isArray(given) ? given.map(String) : [current];
    const same = secret.versions.find(({ id }) => id === token);
    if (same) {
      // The same token with the same content is the same call again. Source: PutSecretValue, ClientRequestToken.
      if (!('SecretString' in same.value) || same.value.SecretString !== text) {
        throw new AwsError('ResourceExistsException', `You can't use ClientRequestToken ${token} because that value is already in use for a version of secret ${secret.arn}.`);
      }
    } else this.addVersion(secret, token, { SecretString: text }, stages);
    const labels = Object.keys(secret.stages).filter((label) => secret.stages[label] === token);
    return { ARN: secret.arn, Name: secret.name, VersionId: token, VersionStages: labels };
  }
}
