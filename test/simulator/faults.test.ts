import { DescribeCustomKeyStoresCommand, KMSClient } from '@aws-sdk/client-kms';
import type { JsonObject } from '../../simulator/aws';
import { RealWork } from '../../simulator/clock';
import { LocalAccount } from '../../simulator/local-account';
import { everything, only, trust } from './states/world';

let account: LocalAccount;

beforeEach(async () => {
  account = await LocalAccount.open();
});

afterEach(async () => {
  await account.close();
});

const describeStores = (input: JsonObject = {}) => {
  const { aws } = account;
  return aws.clock.runUntilSettled(aws.call(aws.iam.deployer, 'kms', 'DescribeCustomKeyStores', input));
};

describe('a fault on calls', () => {
  it('strikes the next call only, with the code, the message and the status of AWS', async () => {
    account.aws.failCalls({ service: 'kms', operation: 'DescribeCustomKeyStores', code: 'KMSInternalException', message: 'Try later.' });
    await expect(describeStores()).rejects.toMatchObject({ code: 'KMSInternalException', message: 'Try later.', statusCode: 500 });
    expect(await describeStores()).toMatchObject({ CustomKeyStores: [] });
    expect(account.aws.calls.map(({ error }) => error)).toEqual(['KMSInternalException', undefined]);
    expect(account.aws.faults).toEqual([]);
  });

  it.each([
    ['ThrottlingException', 400],
    ['DependencyTimeoutException', 503],
    ['TooManyRequestsException', 429],
  ])('%s comes with status %d', async (code, statusCode) => {
    account.aws.failCalls({ service: 'kms', operation: 'DescribeCustomKeyStores', code });
    await expect(describeStores()).rejects.toMatchObject({ code, statusCode });
  });

  it('strikes as often as it is told, and for ever until it is taken away', async () => {
    const { aws } = account;
    aws.failCalls({ service: 'kms', operation: 'DescribeCustomKeyStores', code: 'ThrottlingException', times: 2 });
    aws.failCalls({ service: 'kms', operation: 'DescribeCustomKeyStores', code: 'KMSInternalException', times: Infinity });
    for (const code of ['ThrottlingException', 'ThrottlingException', 'KMSInternalException', 'KMSInternalException', 'KMSInternalException'])
      await expect(describeStores()).rejects.toMatchObject({ code });
    expect(aws.faults).toHaveLength(1);
    aws.faults.length = 0;
    expect(await describeStores()).toMatchObject({ CustomKeyStores: [] });
  });

  it('strikes the callers that it names, and leaves the others alone', async () => {
    account.aws.failCalls({ service: 'kms', operation: 'DescribeCustomKeyStores', code: 'ThrottlingException', caller: ':assumed-role/some-role/' });
    expect(await describeStores()).toMatchObject({ CustomKeyStores: [] });
    expect(account.aws.faults).toHaveLength(1);
  });

  it('comes after the check of permissions, and before anything is done', async () => {
    const { aws, cloudHsm, kms } = account;
    const clusterId = cloudHsm.addCluster({ zones: ['eu-central-1a', 'eu-central-1b'], adminPassword: 'password' });
    aws.failCalls({ service: 'kms', operation: 'CreateCustomKeyStore', code: 'KMSInternalException' });
    aws.iam.createRole('nobody', trust);
    const create = (caller: { arn: string; roleName?: string }) =>
      aws.clock.runUntilSettled(
        aws.call(caller, 'kms', 'CreateCustomKeyStore', {
          CustomKeyStoreName: 'store',
          CloudHsmClusterId: clusterId,
          KeyStorePassword: 'password1',
          TrustAnchorCertificate: cloudHsm.cluster(clusterId).trustAnchor,
        }),
      );
    const nobody = { arn: 'arn:aws:sts::111122223333:assumed-role/nobody/session', roleName: 'nobody' };
    await expect(create(nobody)).rejects.toMatchObject({ code: 'AccessDeniedException' });
    expect(aws.faults).toHaveLength(1);
    await expect(create(aws.iam.deployer)).rejects.toMatchObject({ code: 'KMSInternalException' });
    expect(kms.state.keyStores).toEqual([]);
  });

  it('lets as many calls pass as it is told, and strikes no more when its time is over', async () => {
    const { aws } = account;
    aws.failCalls({ service: 'kms', operation: 'DescribeCustomKeyStores', code: 'AccessDeniedException', skip: 1, times: Infinity, lasts: 5_000 });
    expect(await describeStores()).toMatchObject({ CustomKeyStores: [] });
    await expect(describeStores()).rejects.toMatchObject({ code: 'AccessDeniedException' });
    await expect(describeStores()).rejects.toMatchObject({ code: 'AccessDeniedException' });
    await aws.clock.runTo(aws.clock.now + 5_000);
    expect(await describeStores()).toMatchObject({ CustomKeyStores: [] });
    expect(aws.calls.map(({ fault }) => fault)).toEqual([undefined, 'refused', 'refused', undefined]);
  });

  it('can lose the answer of a call that is carried out', async () => {
    const { aws, secrets } = account;
    const { arn } = secrets.create('secret');
    aws.failCalls({ service: 'secretsmanager', operation: 'PutSecretValue', answer: 'lost' });
    const put = aws.call(aws.iam.deployer, 'secretsmanager', 'PutSecretValue', { SecretId: arn, SecretString: 'text', ClientRequestToken: '0'.repeat(32) });
    await expect(aws.clock.runUntilSettled(put)).rejects.toMatchObject({ code: 'SdkClientException' });
    expect(secrets.find(arn)?.versions.map(({ value }) => value)).toEqual([{ SecretString: 'text' }]);
    expect(aws.calls.map(({ error, fault }) => [error, fault])).toEqual([['SdkClientException', 'answer lost']]);
  });

  it('can make an answer come late', async () => {
    const { aws } = account;
    aws.failCalls({ service: 'kms', operation: 'DescribeCustomKeyStores', answer: 60_000 });
    const asked = aws.clock.now;
    expect(await describeStores()).toMatchObject({ CustomKeyStores: [] });
    expect(aws.clock.now - asked).toBeGreaterThanOrEqual(60_000);
  });

  it('can give again what the same question was answered last, and the truth if it never was', async () => {
    const { aws, cloudHsm } = account;
    const describe = (input: JsonObject) => aws.clock.runUntilSettled(aws.call(aws.iam.deployer, 'cloudhsm', 'DescribeClusters', input));
    expect(await describe({})).toMatchObject({ Clusters: [] });
    cloudHsm.addCluster({ zones: ['eu-central-1a', 'eu-central-1b'], adminPassword: 'password' });
    aws.failCalls({ service: 'cloudhsm', operation: 'DescribeClusters', answer: 'stale', times: 2 });
    expect(await describe({ MaxResults: 2 })).toMatchObject({ Clusters: [{ State: 'ACTIVE' }] });
    expect(await describe({})).toMatchObject({ Clusters: [] });
    expect(await describe({})).toMatchObject({ Clusters: [{ State: 'ACTIVE' }] });
  });

  it('cannot be put on an operation that there is not', () => {
    expect(() => account.aws.failCalls({ service: 'kms', operation: 'Encrypt', code: 'KMSInternalException' })).toThrow('does not model operation kms:Encrypt');
  });

  it.each([
    ['KMSInternalException', 'server', 500],
    ['ThrottlingException', 'client', 400],
    ['AccessDeniedException', 'client', 400],
  ])('reaches a function that calls with the real client as %s, a fault of the %s', async (code, fault, httpStatusCode) => {
    const { aws, endpoint } = account;
    aws.failCalls({ service: 'kms', operation: 'DescribeCustomKeyStores', code });
    const work = new RealWork(aws.clock);
    const session = endpoint.openSession(aws.iam.deployer, work);
    const client = new KMSClient({ region: aws.region, endpoint: endpoint.url, credentials: session, maxAttempts: 1 });
    const asked = client.send(new DescribeCustomKeyStoresCommand({})).finally(() => work.end());
    await expect(aws.clock.runUntilSettled(asked)).rejects.toMatchObject({ name: code, $fault: fault, $metadata: { httpStatusCode } });
    client.destroy();
    session.close();
  });

  it('that loses the answer reaches a function as a broken connection', async () => {
    const { aws, endpoint } = account;
    aws.failCalls({ service: 'kms', operation: 'DescribeCustomKeyStores', answer: 'lost' });
    const work = new RealWork(aws.clock);
    const session = endpoint.openSession(aws.iam.deployer, work);
    const client = new KMSClient({ region: aws.region, endpoint: endpoint.url, credentials: session, maxAttempts: 1 });
    const asked = client.send(new DescribeCustomKeyStoresCommand({})).finally(() => work.end());
    await expect(aws.clock.runUntilSettled(asked)).rejects.toThrow('socket hang up');
    client.destroy();
    session.close();
  });

  it.each([
    ['kms', 'describeCustomKeyStores', 'KMSInternalException', 'Kms.KmsInternalException', 500],
    ['kms', 'describeCustomKeyStores', 'AccessDeniedException', 'Kms.KmsException', 400],
    ['ssm', 'describeInstanceInformation', 'InternalServerError', 'Ssm.InternalServerErrorException', 500],
    ['ssm', 'describeInstanceInformation', 'ThrottlingException', 'Ssm.SsmException', 400],
    ['cloudhsmv2', 'describeClusters', 'CloudHsmInternalFailureException', 'CloudHsmV2.CloudHsmInternalFailureException', 500],
  ])('reaches a state machine that calls %s:%s as %s by the Java name %s', async (service, operation, code, error, status) => {
    const { aws, states } = account;
    aws.failCalls({ service: service === 'cloudhsmv2' ? 'cloudhsm' : service, operation: operation.charAt(0).toUpperCase() + operation.slice(1), code });
    const { arn: roleArn } = aws.iam.createRole('machine', trust);
    aws.iam.putInlinePolicies('machine', 'machine', [{ name: 'all', document: { Version: '2012-10-17', Statement: everything } }]);
    await aws.clock.runTo(aws.clock.now + 60_000);
    const task = { Type: 'Task', Resource: `arn:aws:states:::aws-sdk:${service}:${operation}`, Parameters: {} };
    const { arn: stateMachineArn } = states.createMachine({ name: 'machine', definition: JSON.stringify(only(task)), roleArn });
    const started = aws.call(aws.iam.deployer, 'states', 'StartExecution', { stateMachineArn, name: 'one', input: '{}' });
    const { executionArn } = await aws.clock.runUntilSettled(started);
    const record = await aws.clock.runUntilSettled(states.ended(String(executionArn)));
    expect(record).toMatchObject({ status: 'FAILED', error });
    expect(record.cause).toContain(`Status Code: ${status}`);
  });

  it('that loses the answer reaches a state machine as a failure of the client', async () => {
    const { aws, states } = account;
    aws.failCalls({ service: 'kms', operation: 'DescribeCustomKeyStores', answer: 'lost' });
    const { arn: roleArn } = aws.iam.createRole('machine', trust);
    aws.iam.putInlinePolicies('machine', 'machine', [{ name: 'all', document: { Version: '2012-10-17', Statement: everything } }]);
    await aws.clock.runTo(aws.clock.now + 60_000);
    const task = { Type: 'Task', Resource: 'arn:aws:states:::aws-sdk:kms:describeCustomKeyStores', Parameters: {} };
    const { arn: stateMachineArn } = states.createMachine({ name: 'machine', definition: JSON.stringify(only(task)), roleArn });
    const { executionArn } = await aws.clock.runUntilSettled(aws.call(aws.iam.deployer, 'states', 'StartExecution', { stateMachineArn, name: 'one', input: '{}' }));
    expect(await aws.clock.runUntilSettled(states.ended(String(executionArn)))).toMatchObject({ status: 'FAILED', error: 'Kms.SdkClientException' });
  });
});
