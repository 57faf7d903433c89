import { LocalAws, type JsonObject } from '../../../simulator/aws';
import type { MadeResource, ResourceHandler } from '../../../simulator/cloudformation/resource-handler';
import type { Caller } from '../../../simulator/iam/iam';
import { SecretsManager } from '../../../simulator/secretsmanager/secrets-manager';
import { secretsManagerResources } from '../../../simulator/secretsmanager/secrets-manager-resources';

let aws: LocalAws;
let secrets: SecretsManager;

beforeEach(() => {
  aws = new LocalAws();
  secrets = new SecretsManager(aws);
});

function call(operation: string, input: JsonObject, caller: Caller = aws.iam.deployer): Promise<JsonObject> {
  return aws.clock.runUntilSettled(aws.call(caller, 'secretsmanager', operation, input));
}

const get = (input: JsonObject): Promise<JsonObject> => call('GetSecretValue', { SecretId: 'name', ...input });
const put = (SecretString: string, ClientRequestToken: string, more: JsonObject = {}): Promise<JsonObject> =>
  call('PutSecretValue', { SecretId: 'name', SecretString, ClientRequestToken, ...more });
const token = (letter: string): string => letter.repeat(32);

describe('a secret', () => {
  beforeEach(() => {
    secrets.create('name');
    secrets.staleReads = false;
  });

  test('that never had a value says so', async () => {
    await expect(get({})).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
      message: "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT",
    });
  });

  test('answers its current value by name and by ARN', async () => {
    await put('one', token('a'));
    const arn = secrets.find('name')?.arn ?? '';
    expect(arn).toMatch(/^arn:aws:secretsmanager:eu-central-1:111122223333:secret:name-[A-Za-z0-9]{6}$/);
    expect(await get({})).toMatchObject({ ARN: arn, Name: 'name', SecretString: 'one', VersionId: token('a'), VersionStages: ['AWSCURRENT'] });
    expect(await get({ SecretId: arn })).toMatchObject({ SecretString: 'one' });
  });

  test('keeps the value before the current one as AWSPREVIOUS', async () => {
    await put('one', token('a'));
    await put('two', token('b'));
    expect(await get({})).toMatchObject({ SecretString: 'two' });
    expect(await get({ VersionStage: 'AWSPREVIOUS' })).toMatchObject({ SecretString: 'one', VersionId: token('a') });
    expect(await get({ VersionId: token('a') })).toMatchObject({ SecretString: 'one' });
  });

  test('takes a label of its own, and leaves the current value', async () => {
    await put('one', token('a'));
    await put('two', token('b'), { VersionStages: ['PENDING'] });
    expect(await get({})).toMatchObject({ SecretString: 'one' });
    expect(await get({ VersionStage: 'PENDING' })).toMatchObject({ SecretString: 'two' });
  });

  test('takes the same put again, but not another value under the same token', async () => {
    await put('one', token('a'));
    expect(await put('one', token('a'))).toMatchObject({ VersionId: token('a'), VersionStages: ['AWSCURRENT'] });
    await expect(put('two', token('a'))).rejects.toMatchObject({ code: 'ResourceExistsException' });
    expect(await get({})).toMatchObject({ SecretString: 'one' });
  });

  test.each([
    ['a token that is too short', { SecretString: 'x', ClientRequestToken: 'short' }, 'InvalidParameterException'],
    ['no value', { ClientRequestToken: 'a'.repeat(32) }, 'InvalidParameterException'],
    ['a value that is too long', { SecretString: 'x'.repeat(65_537), ClientRequestToken: 'a'.repeat(32) }, 'ValidationException'],
  ])('refuses %s', async (_what, input, code) => {
    await expect(call('PutSecretValue', { SecretId: 'name', ...input })).rejects.toMatchObject({ code });
  });

  test('that is not there is not found', async () => {
    await expect(get({ SecretId: 'other' })).rejects.toMatchObject({ code: 'ResourceNotFoundException', message: "Secrets Manager can't find the specified secret." });
  });

  test('is read by a role only with a grant on its ARN', async () => {
    await put('one', token('a'));
    const role = aws.iam.createRole('reader', { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }] });
    const caller = aws.iam.assume('lambda.amazonaws.com', role.arn, aws.arn('lambda', 'function:f'));
    await expect(call('GetSecretValue', { SecretId: 'name' }, caller)).rejects.toMatchObject({ code: 'AccessDeniedException' });
    aws.iam.putInlinePolicies('reader', 'reader', [
      { name: 'p', document: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: aws.arn('secretsmanager', 'secret:name-??????') }] } },
    ]);
    await aws.clock.runTo(aws.clock.now + 60_000);
    expect(await call('GetSecretValue', { SecretId: 'name' }, caller)).toMatchObject({ SecretString: 'one' });
    await expect(call('PutSecretValue', { SecretId: 'name', SecretString: 'x', ClientRequestToken: token('c') }, caller)).rejects.toMatchObject({ code: 'AccessDeniedException' });
  });
});

describe('right after a put', () => {
  beforeEach(() => {
    secrets.put('name', { SecretString: 'old' });
  });

  const readsWithin = async (count: number, input: JsonObject): Promise<Set<unknown>> => {
    const values = new Set<unknown>();
    for (let read = 0; read < count; read++) values.add((await get(input)).SecretString);
    return values;
  };

  test('a read by label may see the value before', async () => {
    await put('new', token('a'));
    expect(await readsWithin(19, {})).toEqual(new Set(['old', 'new']));
  });

  test('a read by version is always right', async () => {
    await put('new', token('a'));
    expect(await readsWithin(19, { VersionId: token('a') })).toEqual(new Set(['new']));
  });

  test('two seconds later every read is right', async () => {
    await put('new', token('a'));
    await aws.clock.runTo(aws.clock.now + 2_000);
    expect(await readsWithin(19, {})).toEqual(new Set(['new']));
  });
});

describe('AWS::SecretsManager::Secret', () => {
  const context = { stackName: 'stack', stackId: 'arn:stack', logicalId: 'Seal' };
  const handler = (): ResourceHandler => {
    const [first] = secretsManagerResources(secrets);
    if (!first) throw new Error('No handler');
    return first;
  };
  const create = async (properties: JsonObject): Promise<MadeResource> => handler().create(properties, context);
  const value = async (id: string): Promise<unknown> => (await get({ SecretId: id })).SecretString;

  test('without a name gets one from its logical id, and is referred to by its ARN', async () => {
    const { id, attributes } = await create({});
    expect(id).toMatch(/:secret:Seal-[A-Za-z0-9]{12}-[A-Za-z0-9]{6}$/);
    expect(attributes).toEqual({ Id: id });
  });

  test('without a value has none', async () => {
    await expect(value((await create({})).id)).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
  });

  test.each([
    ['by default', {}, /^[!-~]{32}$/],
    ['without punctuation', { PasswordLength: '64', ExcludePunctuation: 'true' }, /^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)[A-Za-z0-9]{64}$/],
    ['with space', { PasswordLength: 100, IncludeSpace: true }, / /],
  ])('generates a value %s', async (_what, GenerateSecretString, pattern) => {
    expect(await value((await create({ GenerateSecretString })).id)).toMatch(pattern);
  });

  test('keeps what was stored when an update says nothing new, and overwrites it when it does', async () => {
    const { id } = await create({ SecretString: 'first' });
    await put('stored', token('a'), { SecretId: id });
    secrets.staleReads = false;
    await handler().update(id, { SecretString: 'first', Description: 'new' }, context);
    expect(await value(id)).toBe('stored');
    await handler().update(id, { SecretString: 'second' }, context);
    expect(await value(id)).toBe('second');
  });

  test('with a name cannot be made again at once after its deletion', async () => {
    const { id } = await create({ Name: 'fixed' });
    await handler().delete(id, context);
    await expect(create({ Name: 'fixed' })).rejects.toMatchObject({ code: 'InvalidRequestException', message: expect.stringContaining('scheduled for deletion') as string });
    await aws.clock.runTo(aws.clock.now + 29_000);
    await expect(create({ Name: 'fixed' })).rejects.toMatchObject({ code: 'InvalidRequestException' });
    await aws.clock.runTo(aws.clock.now + 61_000);
    expect((await create({ Name: 'fixed' })).id).not.toBe(id);
  });

  test.each([
    ['another key', { KmsKeyId: 'alias/mine' }, 'NotModelled'],
    ['an option of the generator', { GenerateSecretString: { ExcludeCharacters: 'a' } }, 'NotModelled'],
  ])('refuses %s by name', async (_what, properties, name) => {
    await expect(create(properties)).rejects.toMatchObject({ name });
  });
});

describe('a secret of a person', () => {
  /** A role that may read secrets by these ARNs, and what else it may. */
  async function reader(Resource: string, more: JsonObject[] = []): Promise<Caller> {
    const { arn } = aws.iam.createRole('reader', { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }] });
    aws.iam.putInlinePolicies('reader', 'reader', [
      { name: 'p', document: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource }, ...more] } },
    ]);
    await aws.clock.runTo(aws.clock.now + 60_000);
    return aws.iam.assume('lambda.amazonaws.com', arn, aws.arn('lambda', 'function:f'));
  }

  const keyArn = 'arn:aws:kms:eu-central-1:111122223333:key/11111111-2222-3333-4444-555555555555';

  test('may be binary, and then has no text', async () => {
    secrets.put('name', { SecretBinary: 'AAEC' });
    const answer = await get({});
    expect(answer['SecretBinary']).toBe('AAEC');
    expect(answer).not.toHaveProperty('SecretString');
  });

  test('that is scheduled for deletion can neither be read nor written', async () => {
    secrets.put('name', { SecretString: 'one' });
    secrets.scheduleDeletion('name');
    const refusal = { code: 'InvalidRequestException', message: "You can't perform this operation on the secret because it was marked for deletion." };
    await expect(get({})).rejects.toMatchObject(refusal);
    await expect(put('two', token('a'))).rejects.toMatchObject(refusal);
  });

  test('that is not there is denied to a role whose policy asks for the six characters, in the same words as one that is', async () => {
    const caller = await reader(aws.arn('secretsmanager', 'secret:name-??????'));
    await expect(call('GetSecretValue', { SecretId: 'name' }, caller)).rejects.toMatchObject({
      code: 'AccessDeniedException',
      message:
        'User: arn:aws:sts::111122223333:assumed-role/reader/session is not authorized to perform: secretsmanager:GetSecretValue on resource: name because no identity-based policy allows the secretsmanager:GetSecretValue action',
    });
    expect(aws.iam.denials).toMatchObject([{ resource: aws.arn('secretsmanager', 'secret:name') }]);
    secrets.put('other', { SecretString: 'x' });
    await expect(call('GetSecretValue', { SecretId: 'other' }, caller)).rejects.toThrow('on resource: other because');
  });

  test.each(['*', 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:name*'])('that is not there is not found by a role that may read %s', async (resource) => {
    await expect(call('GetSecretValue', { SecretId: 'name' }, await reader(resource))).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
  });

  test('under a key of the customer is read only by who may decrypt with that key', async () => {
    secrets.put('name', { SecretString: 'one' });
    secrets.encryptUnder('name', keyArn);
    await expect(call('GetSecretValue', { SecretId: 'name' }, await reader('*'))).rejects.toMatchObject({ code: 'AccessDeniedException', statusCode: 400, message: 'Access to KMS is not allowed' });
  });

  test('under a key of the customer is read by a role with kms:Decrypt by way of Secrets Manager', async () => {
    secrets.put('name', { SecretString: 'one' });
    secrets.encryptUnder('name', keyArn);
    const via = { Effect: 'Allow', Action: 'kms:Decrypt', Resource: keyArn, Condition: { StringEquals: { 'kms:ViaService': 'secretsmanager.eu-central-1.amazonaws.com' } } };
    expect(await call('GetSecretValue', { SecretId: 'name' }, await reader('*', [via]))).toMatchObject({ SecretString: 'one' });
  });

  test('whose key is disabled cannot be decrypted by anybody', async () => {
    secrets.put('name', { SecretString: 'one' });
    secrets.breakKey('name');
    await expect(get({})).rejects.toMatchObject({ code: 'DecryptionFailure' });
  });
});
