import type { JsonObject } from '../../../simulator/aws';
import { FunctionWorld } from './function-world';

let world: FunctionWorld;

beforeEach(async () => {
  world = await FunctionWorld.start();
});

afterEach(async () => {
  await world.stop();
});

const code = 'exports.handler = async (event) => event;';
const context = { stackName: 'stack', stackId: 'arn:stack', logicalId: 'Thing' };

describe('AWS::Lambda::Function', () => {
  const make = (more: JsonObject): Promise<{ id: string; attributes?: Record<string, string> }> =>
    world.make('AWS::Lambda::Function', { Runtime: 'nodejs24.x', Handler: 'index.handler', Role: world.roleArn, Code: { ZipFile: code }, ...more });

  test('without a name gets one from its stack, and gives its ARN', async () => {
    const { id, attributes } = await make({});
    expect(id).toMatch(/^stack-Thing-[A-Z0-9]{12}$/);
    expect(attributes).toEqual({ Arn: world.aws.arn('lambda', `function:${id}`) });
  });

  test('has three seconds, 128 MB and its own log group unless told otherwise', async () => {
    await make({ FunctionName: 'plain' });
    expect(world.lambda.functionOf('plain')).toMatchObject({ timeout: 3, memorySize: 128, logGroup: '/aws/lambda/plain' });
  });

  test('has the memory that it is given, and sees it', async () => {
    await world.makeFunction('large', 'exports.handler = async (_event, { memoryLimitInMB }) => memoryLimitInMB;', { MemorySize: 10_240 });
    expect(await world.invoke('large')).toEqual({ failed: false, payload: '10240' });
  });

  test.each([
    ['a name of 65 characters', { FunctionName: 'x'.repeat(65) }, { code: 'InvalidParameterValueException' }],
    ['a name with a dot', { FunctionName: 'a.b' }, { code: 'InvalidParameterValueException' }],
    ['another runtime', { Runtime: 'python3.13' }, { name: 'NotModelled' }],
    ['a handler in another file', { Handler: 'app.handler' }, { name: 'NotModelled' }],
    ['code in a bucket', { Code: { S3Bucket: 'b' } }, { name: 'NotModelled' }],
    ['code over 4 MB', { Code: { ZipFile: 'x'.repeat(4 * 1024 * 1024 + 1) } }, { code: 'InvalidRequestException' }],
    ['a time-out of 901 s', { Timeout: 901 }, { code: 'ValidationError' }],
    ['memory below 128 MB', { MemorySize: 127 }, { code: 'ValidationError' }],
    ['memory above 10,240 MB', { MemorySize: 10_241 }, { code: 'ValidationError' }],
    ['variables over 4 KB', { Environment: { Variables: { LONG: 'x'.repeat(4096) } } }, { code: 'InvalidParameterValueException' }],
    ["a variable of Lambda's own", { Environment: { Variables: { AWS_REGION: 'x' } } }, { code: 'InvalidParameterValueException' }],
    ['a log option that is not modelled', { LoggingConfig: { ApplicationLogLevel: 'INFO' } }, { name: 'NotModelled' }],
  ])('refuses %s', async (_what, more, expected) => {
    await expect(make(more)).rejects.toMatchObject(expected);
  });

  test('made again under its name runs its new code, with nothing of the old one', async () => {
    const codeThat = (answers: string): string => `exports.handler = async () => '${answers}';`;
    await world.makeFunction('again', codeThat('old'));
    await world.invoke('again');
    await world.handler('AWS::Lambda::Function').delete('again', context);
    await world.makeFunction('again', codeThat('new'));
    expect(await world.invoke('again')).toEqual({ failed: false, payload: 'new' });
  });

  test('refuses a name that is taken', async () => {
    await make({ FunctionName: 'plain' });
    await expect(make({ FunctionName: 'plain' })).rejects.toMatchObject({ code: 'ResourceConflictException' });
  });

  test('gives up after two minutes on a role that Lambda cannot assume', async () => {
    const { arn } = world.aws.iam.createRole('foreign', {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: 'states.amazonaws.com' }, Action: 'sts:AssumeRole' }],
    });
    const began = world.aws.clock.now;
    await expect(make({ Role: arn })).rejects.toMatchObject({
      code: 'InvalidParameterValueException',
      message: 'The role defined for the function cannot be assumed by Lambda.',
    });
    expect(world.aws.clock.now - began).toBe(120_000);
  });

  test('logs in JSON where LogFormat says so', async () => {
    await world.makeFunction('json', "exports.handler = async () => { console.error('oh'); };", { LoggingConfig: { LogFormat: 'JSON' } });
    await world.invoke('json');
    const lines = world.messages('/aws/lambda/json').map((line) => JSON.parse(line) as JsonObject);
    expect(lines).toMatchObject([{ type: 'platform.start' }, { level: 'ERROR', message: 'oh' }, { type: 'platform.runtimeDone' }, { type: 'platform.report' }]);
  });
});

describe('AWS::Lambda::Permission', () => {
  const rule = (name: string): string => world.aws.arn('events', `rule/${name}`);
  const invokeFor = (sourceArn: string): Promise<JsonObject> =>
    world.settle(world.aws.call({ arn: 'events.amazonaws.com', sourceArn }, 'lambda', 'Invoke', { FunctionName: 'echo', Payload: '1' }));

  test('lets the service invoke the function for the one source, as long as it exists', async () => {
    await world.makeFunction('echo', code);
    await expect(invokeFor(rule('mine'))).rejects.toMatchObject({ code: 'AccessDeniedException' });
    const { id } = await world.make('AWS::Lambda::Permission', {
      FunctionName: 'echo',
      Action: 'lambda:InvokeFunction',
      Principal: 'events.amazonaws.com',
      SourceArn: rule('mine'),
    });
    expect(await invokeFor(rule('mine'))).toMatchObject({ StatusCode: 200, Payload: '1' });
    await expect(invokeFor(rule('other'))).rejects.toMatchObject({ code: 'AccessDeniedException' });
    await world.handler('AWS::Lambda::Permission').delete(id, context);
    await expect(invokeFor(rule('mine'))).rejects.toMatchObject({ code: 'AccessDeniedException' });
  });
});

test('a function needs a grant to be invoked by a role', async () => {
  await world.makeFunction('echo', code);
  const caller = world.lambda.roleOf(world.lambda.functionOf('echo'));
  const invoke = (): Promise<JsonObject> => world.settle(world.aws.call(caller, 'lambda', 'Invoke', { FunctionName: world.aws.arn('lambda', 'function:echo') }));
  await expect(invoke()).rejects.toMatchObject({ code: 'AccessDeniedException' });
  await world.grant('lambda:InvokeFunction', world.aws.arn('lambda', 'function:echo'));
  expect(await invoke()).toEqual({ StatusCode: 200, Payload: '{}' });
});

test('the same seed plays the same, however many workers there are from before', async () => {
  const play = async (): Promise<unknown> => {
    const other = await FunctionWorld.start();
    await other.makeFunction('echo', code);
    await other.settle(Promise.all([other.invokeLater('echo'), other.invokeLater('echo'), other.invokeLater('echo')]));
    await other.invoke('echo');
    const played = [other.logged, other.aws.clock.now];
    other.lambda.dispose();
    await other.endpoint.stop();
    return played;
  };
  expect(await play()).toEqual(await play());
});
