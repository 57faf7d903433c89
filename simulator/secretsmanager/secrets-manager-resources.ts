import { alphabets } from '../alphabets';
import type { JsonObject } from '../aws';
import type { MadeResource, ResourceContext, ResourceHandler } from '../cloudformation/resource-handler';
import { AwsError, NotModelled } from '../errors';
import { objectOf, optionalBoolean, optionalInteger, optionalText } from '../resource-properties';
import type { Secret } from './secret';
import type { SecretsManager } from './secrets-manager';

// Source: GetRandomPassword, ExcludePunctuation: these characters.
const punctuation = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~';

/** The resource type of Secrets Manager. Source: CloudFormation Template Reference, AWS::SecretsManager::Secret. */
export function secretsManagerResources(secrets: SecretsManager): ResourceHandler[] {
  const { aws } = secrets;

  const valueOf = (properties: JsonObject): string | undefined => {
    const text = optionalText(properties, 'SecretString');
    if (properties['GenerateSecretString'] === undefined) return text;
    if (text !== undefined) throw new AwsError('ValidationError', 'Give SecretString or GenerateSecretString, not both');
    return generate(properties);
  };

  const generate = (properties: JsonObject): string => {
    const options = objectOf(properties['GenerateSecretString'], 'GenerateSecretString', [
      'PasswordLength',
      'ExcludePunctuation',
      'IncludeSpace',
      'RequireEachIncludedType',
    ]);
    // Source: GetRandomPassword: 32 characters by default, with punctuation, without space, each type at least once.
    const length = optionalInteger(options, 'PasswordLength', 1, 4096) ?? 32;
    const types = [alphabets.upper, alphabets.lower, alphabets.digits];
    if (!(optionalBoolean(options, 'ExcludePunctuation') ?? false)) types.push(punctuation);
    if (optionalBoolean(options, 'IncludeSpace') ?? false) types.push(' ');
    const each = optionalBoolean(options, 'RequireEachIncludedType') ?? true;
    if (each && length < types.length) throw new AwsError('InvalidParameterException', 'PasswordLength is too short for each included type');
    for (;;) {
      const password = aws.identifier(length, types.join(''));
      if (!each || types.every((type) => Array.from(type).some((character) => password.includes(character)))) return password;
    }
  };

  const check = (properties: JsonObject): void => {
    const key = optionalText(properties, 'KmsKeyId');
    if (key !== undefined && key !== 'alias/aws/secretsmanager') throw new NotModelled(`secrets under the KMS key ${key}`);
  };

  const made = (secret: Secret): MadeResource => ({ id: secret.arn, attributes: { Id: secret.arn } });

  const nameFor = (properties: JsonObject, { logicalId }: ResourceContext): string =>
    // Unlike other types without the stack's name. Source: AWS::SecretsManager::Secret, Name.
    optionalText(properties, 'Name') ?? `${logicalId}-${aws.identifier(12, alphabets.alphanumeric)}`;

  const store = (secret: Secret, text: string): void => {
    secrets.addVersion(secret, aws.uuid(), { SecretString: text }, ['AWSCURRENT']);
  };

  /** An update changes the value only if what the template says of it has changed. */
  const said = (properties: JsonObject): string => JSON.stringify([properties['SecretString'] ?? null, properties['GenerateSecretString'] ?? null]);

  return [
    {
      type: 'AWS::SecretsManager::Secret',
      properties: ['Name', 'Description', 'SecretString', 'GenerateSecretString', 'KmsKeyId', 'Tags'],
      replacedBy: ['Name'],
      attributes: ['Id'],
      create(properties, context) {
        check(properties);
        const text = valueOf(properties);
        const secret = secrets.create(nameFor(properties, context));
        if (text !== undefined) {
          store(secret, text);
          // CloudFormation reports the secret complete when it can be read.
          secret.settledAt = aws.clock.now;
        }
        secret.template = said(properties);
        return made(secret);
      },
      update(id, properties) {
        check(properties);
        const secret = secrets.find(id);
        if (!secret) throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
        // A value or a generator that changes writes a new version over what anyone stored meanwhile; both taken away leave
        // the value. Source: AWS::SecretsManager::Secret, SecretString and GenerateSecretString.
        const text = said(properties) === secret.template ? undefined : valueOf(properties);
        if (text !== undefined) store(secret, text);
        secret.template = said(properties);
        return made(secret);
      },
      delete(id) {
        secrets.delete(id);
      },
    },
  ];
}
