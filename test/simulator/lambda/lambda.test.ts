import { timings } from '../../../simulator/timings';
import { FunctionWorld } from './function-world';

let world: FunctionWorld;

beforeEach(async () => {
  world = await FunctionWorld.start();
});

afterEach(async () => {
  await world.stop();
});

const readSecret = `
  const { SecretsManagerClient, GetSecretValueCommand } = require('@aws-sdk/client-secrets-manager');
  const client = new SecretsManagerClient({});
  exports.handler = async ({ id }) => (await client.send(new GetSecretValueCommand({ SecretId: id }))).SecretString;`;

describe('a function that is invoked', () => {
  test('gets the event and its context, and answers', async () => {
    await world.makeFunction('echo', 'exports.handler = async (event, context) => ({ event, name: context.functionName, left: context.getRemainingTimeInMillis() });');
    expect(await world.invoke('echo', { a: [1] })).toEqual({ failed: false, payload: { event: { a: [1] }, name: 'echo', left: 30_000 } });
  });

  test('answers null when it returns nothing', async () => {
    await world.makeFunction('silent', 'exports.handler = async () => {};');
    expect(await world.invoke('silent')).toEqual({ failed: false, payload: null });
  });

  test('sees its own environment and nothing of the host', async () => {
    await world.makeFunction('env', 'exports.handler = async () => process.env;', { Environment: { Variables: { COLOUR: 'blue' } } });
    const { payload } = await world.invoke('env');
    expect(payload).toMatchObject({ COLOUR: 'blue', AWS_REGION: 'eu-central-1', AWS_LAMBDA_FUNCTION_NAME: 'env', AWS_ENDPOINT_URL: world.endpoint.url });
    expect(payload).not.toHaveProperty('PATH');
    expect(payload).not.toHaveProperty('AWS_MAX_ATTEMPTS');
  });

  test.each([
    ['an Error', "throw Object.assign(new Error('no'), { name: 'Refusal' })", { errorType: 'Refusal', errorMessage: 'no' }],
    ['something else', "throw 'no'", { errorType: 'string', errorMessage: 'no' }],
  ])('reports %s that it throws', async (_what, body, expected) => {
    await world.makeFunction('thrower', `exports.handler = async () => { ${body}; };`);
    const { failed, payload } = await world.invoke('thrower');
    expect(failed).toBe(true);
    expect(payload).toMatchObject(expected);
    expect(payload).toHaveProperty('trace');
    expect(world.messages('/aws/lambda/thrower').some((line) => line.includes('Invoke Error'))).toBe(true);
  });

  test.each([
    ['has a syntax error', 'exports.handler = async ( => 1;', 'Runtime.UserCodeSyntaxError'],
    ['needs a package that is not there', "require('left-pad'); exports.handler = async () => 1;", 'Runtime.ImportModuleError'],
    ['exports no such handler', 'exports.other = async () => 1;', 'Runtime.HandlerNotFound'],
    ['takes a callback', 'exports.handler = (event, context, callback) => callback(null, 1);', 'Runtime.CallbackHandlerDeprecated'],
    ['leaves a rejection unhandled', "exports.handler = async () => { Promise.reject(new Error('lost')); await new Promise((r) => setTimeout(r, 50)); };", 'Runtime.UnhandledPromiseRejection'],
  ])('fails when it %s', async (_what, code, errorType) => {
    await world.makeFunction('broken', code);
    expect(await world.invoke('broken')).toMatchObject({ failed: true, payload: { errorType } });
  });

  test('that does not exist is not found', async () => {
    await expect(world.settle(world.invokeLater('nobody'))).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
  });

  test('that nobody has called for weeks is refused until it is Active again', async () => {
    await world.makeFunction('sleeper', 'exports.handler = async () => 1;');
    world.lambda.letIdle();
    const calls = [0, timings.lambdaActivation / 2, timings.lambdaActivation].map(async (after) => {
      await world.aws.clock.sleep(after);
      return world.invokeLater('sleeper');
    });
    const [first, second, third] = await world.settle(Promise.allSettled(calls));
    for (const refused of [first, second]) expect(refused).toMatchObject({ status: 'rejected', reason: { code: 'CodeArtifactUserPendingException', statusCode: 409 } });
    expect(third).toMatchObject({ status: 'fulfilled', value: { StatusCode: 200, Payload: '1' } });
  });

  test('that is made anew is Active, whatever the one before it was', async () => {
    await world.makeFunction('sleeper', 'exports.handler = async () => 1;');
    world.lambda.letIdle();
    await world.handler('AWS::Lambda::Function').delete('sleeper', { stackName: 'stack', stackId: 'arn:stack', logicalId: 'Thing' });
    await world.makeFunction('sleeper', 'exports.handler = async () => 2;');
    expect(await world.invoke('sleeper')).toEqual({ failed: false, payload: 2 });
  });

  test('whose code cannot be loaded tells so each time', async () => {
    await world.makeFunction('broken', "throw new Error('broken'); exports.handler = async () => 1;");
    const answers = [await world.settle(world.invokeLater('broken')), await world.settle(world.invokeLater('broken'))];
    for (const { FunctionError, Payload } of answers) expect([FunctionError, JSON.parse(String(Payload))]).toMatchObject(['Unhandled', { errorMessage: 'broken' }]);
  });

  test('writes what it prints into its log group, between START and REPORT', async () => {
    await world.makeFunction('talker', "exports.handler = async () => { console.warn('careful', { a: 1 }); };", { LoggingConfig: { LogGroup: 'talks' } });
    await world.invoke('talker');
    const [start, line, end, report] = world.messages('talks');
    expect(start).toMatch(/^START RequestId: \S+ Version: \$LATEST$/);
    expect(line).toMatch(/^2026-01-05T09:00:0\S+\t\S+\tWARN\tcareful { a: 1 }$/);
    expect(end).toMatch(/^END RequestId: \S+$/);
    expect(report).toMatch(/^REPORT RequestId: \S+\tDuration: 0.00 ms\t/);
  });

  test('sends a request to an address of the simulator with exactly its own headers', async () => {
    let seen: Record<string, string> = {};
    world.endpoint.route('/answer', async ({ headers, method, body }) => {
      await world.aws.clock.sleep(100);
      seen = { ...headers, method, body };
      return { status: 201 };
    });
    await world.makeFunction('putter', "exports.handler = async ({ url }) => (await fetch(url, { method: 'PUT', headers: { 'content-type': '' }, body: 'hällo' })).status;");
    expect(await world.invoke('putter', { url: `${world.endpoint.url}/answer?signature=1` })).toEqual({ failed: false, payload: 201 });
    expect(seen).toMatchObject({ method: 'PUT', body: 'hällo', 'content-type': '', 'content-length': '6' });
    expect(Object.keys(seen)).not.toContain('x-simulator-session');
  });

  test('is refused, and remembered, when it turns to an address outside', async () => {
    await world.makeFunction('outside', "exports.handler = async () => (await fetch('https://example.com/?secret')).status;");
    expect(await world.invoke('outside')).toMatchObject({ failed: true, payload: { errorType: 'NotModelled' } });
    expect(world.aws.refusals).toEqual(['The simulator does not model the address https://example.com (function outside)']);
  });
});

describe('virtual time in a function', () => {
  test('passes by its timers, and costs no wall time', async () => {
    await world.makeFunction('sleeper', 'exports.handler = async () => { const t = Date.now(); await new Promise((r) => setTimeout(r, 20000)); return [t, Date.now() - t, new Date().getTime() - t]; };');
    const began = world.aws.clock.now;
    const wall = Date.now();
    const { payload } = await world.invoke('sleeper');
    expect(payload).toEqual([began + timings.lambdaCold, 20_000, 20_000]);
    expect(world.aws.clock.now - began).toBe(timings.lambdaCold + 20_000);
    expect(Date.now() - wall).toBeLessThan(10_000);
  });

  test('goes by node:timers/promises as well', async () => {
    await world.makeFunction('sleeper', "const { setTimeout: sleep } = require('node:timers/promises'); exports.handler = async () => { const t = Date.now(); const v = await sleep(7000, 'v'); return [Date.now() - t, v]; };");
    expect((await world.invoke('sleeper')).payload).toEqual([7000, 'v']);
  });

  test('ends a function at its Timeout', async () => {
    await world.makeFunction('slow', 'exports.handler = async () => { await new Promise((r) => setTimeout(r, 60000)); };');
    const began = world.aws.clock.now;
    const { failed, payload } = await world.invoke('slow');
    expect(failed).toBe(true);
    expect(payload).toEqual({ errorType: 'Sandbox.Timedout', errorMessage: expect.stringMatching(/^RequestId: \S+ Error: Task timed out after 30\.00 seconds$/) as string });
    expect(world.aws.clock.now - began).toBe(timings.lambdaCold + 30_000);
  });

  test('ends a function that computes for ever, too', async () => {
    await world.makeFunction('busy', 'exports.handler = async () => { for (;;); };', { Timeout: 1 });
    const began = world.aws.clock.now;
    expect(await world.invoke('busy')).toMatchObject({ failed: true, payload: { errorType: 'Sandbox.Timedout' } });
    expect(world.aws.clock.now - began).toBe(timings.lambdaCold + 1000);
  });

  test('does not run ahead of a call while a timer limits it', async () => {
    world.secrets.put('plain', { SecretString: 'value' });
    await world.grant('secretsmanager:GetSecretValue');
    await world.makeFunction(
      'racer',
      `${readSecret}
      const read = exports.handler;
      exports.handler = async (event) => {
        const late = new Promise((r) => setTimeout(() => r('late'), 5000));
        const first = await Promise.race([read(event), late]);
        const second = await Promise.race([read(event), late]);
        return [first, second, Date.now()];
      };`,
    );
    const began = world.aws.clock.now;
    const { payload } = await world.invoke('racer', { id: 'plain' });
    expect(payload).toEqual(['value', 'value', began + timings.lambdaCold + 2 * timings.apiCall]);
  });
});

describe('the SDK in a function', () => {
  test('calls the local AWS as the function role', async () => {
    world.secrets.put('plain', { SecretString: 'value' });
    await world.grant('secretsmanager:GetSecretValue');
    await world.makeFunction('reader', readSecret);
    expect(await world.invoke('reader', { id: 'plain' })).toEqual({ failed: false, payload: 'value' });
    expect(world.aws.calls.find(({ operation }) => operation === 'GetSecretValue')?.caller).toContain('assumed-role/worker');
  });

  test('throws the error class that the API names', async () => {
    world.secrets.create('empty');
    await world.grant('secretsmanager:GetSecretValue');
    await world.makeFunction(
      'reader',
      `const sdk = require('@aws-sdk/client-secrets-manager');
      exports.handler = async () => {
        try { await new sdk.SecretsManagerClient({}).send(new sdk.GetSecretValueCommand({ SecretId: 'empty' })); }
        catch (error) { return [error instanceof sdk.ResourceNotFoundException, error.name, error.message]; }
      };`,
    );
    expect((await world.invoke('reader')).payload).toEqual([true, 'ResourceNotFoundException', "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT"]);
  });

  test('is denied what the role does not allow', async () => {
    world.secrets.put('plain', { SecretString: 'value' });
    await world.makeFunction('reader', readSecret);
    expect(await world.invoke('reader', { id: 'plain' })).toMatchObject({ failed: true, payload: { errorType: 'AccessDeniedException' } });
  });

  test('shows throttling by its name', async () => {
    await world.makeFunction(
      'hsm',
      `const { CloudHSMV2Client, DescribeClustersCommand } = require('@aws-sdk/client-cloudhsm-v2');
      exports.handler = async () => (await new CloudHSMV2Client({}).send(new DescribeClustersCommand({}))).Clusters;`,
      { Environment: { Variables: { AWS_MAX_ATTEMPTS: '1' } } },
    );
    const { AwsError } = await import('../../../simulator/errors');
    world.aws.register({
      name: 'cloudhsm',
      state: {},
      operations: {
        DescribeClusters: {
          source: 'test',
          fields: [],
          latency: 100,
          run: () => {
            throw new AwsError('ThrottlingException', 'Rate exceeded');
          },
        },
      },
    });
    expect(await world.invoke('hsm')).toMatchObject({ failed: true, payload: { errorType: 'ThrottlingException' } });
    expect(world.aws.calls.filter(({ operation }) => operation === 'DescribeClusters')).toHaveLength(1);
  });
});

describe('execution environments', () => {
  const counter = 'let count = 0; exports.handler = async () => { await new Promise((r) => setTimeout(r, 1000)); return ++count; };';

  test('stay warm between invocations, and keep what the code remembers', async () => {
    await world.makeFunction('counter', counter);
    const began = world.aws.clock.now;
    expect((await world.invoke('counter')).payload).toBe(1);
    expect(world.aws.clock.now - began).toBe(timings.lambdaCold + 1000);
    expect((await world.invoke('counter')).payload).toBe(2);
    expect(world.aws.clock.now - began).toBe(timings.lambdaCold + timings.lambdaWarm + 2000);
  });

  test('serve one invocation at a time', async () => {
    await world.makeFunction('counter', counter);
    const both = await world.settle(Promise.all([world.invokeLater('counter'), world.invokeLater('counter')]));
    expect(both.map(({ Payload }) => Payload)).toEqual(['1', '1']);
    expect(new Set(world.logged.map(({ stream }) => stream)).size).toBe(2);
  });

  test('start cold after an update of the function', async () => {
    await world.makeFunction('counter', counter);
    await world.invoke('counter');
    await world.settle(
      Promise.resolve(
        world.handler('AWS::Lambda::Function').update(
          'counter',
          { Runtime: 'nodejs24.x', Handler: 'index.handler', Role: world.roleArn, Code: { ZipFile: counter.replace('0', '10') }, Timeout: 30 },
          { stackName: 's', stackId: 's', logicalId: 'L' },
        ),
      ),
    );
    expect((await world.invoke('counter')).payload).toBe(11);
  });

  test('are gone after a crash, and the next one is cold', async () => {
    await world.makeFunction('crasher', 'let count = 0; exports.handler = async ({ crash }) => { count++; if (crash) process.exit(3); return count; };');
    expect((await world.invoke('crasher')).payload).toBe(1);
    const { failed, payload } = await world.invoke('crasher', { crash: true });
    expect(failed).toBe(true);
    expect(payload).toEqual({ errorType: 'Runtime.ExitError', errorMessage: expect.stringMatching(/^RequestId: \S+ Error: Runtime exited with error: exit status 3$/) as string });
    expect((await world.invoke('crasher')).payload).toBe(1);
  });

  test('do not see each other, though they share a worker', async () => {
    await world.makeFunction('one', 'exports.handler = async () => [process.env.WHO, process.env.AWS_LAMBDA_FUNCTION_NAME];', { Environment: { Variables: { WHO: 'me' } } });
    await world.makeFunction('two', 'exports.handler = async () => [process.env.WHO ?? null, process.env.AWS_LAMBDA_FUNCTION_NAME];');
    expect((await world.invoke('one')).payload).toEqual(['me', 'one']);
    expect((await world.invoke('two')).payload).toEqual([null, 'two']);
    expect((await world.invoke('one')).payload).toEqual(['me', 'one']);
  });

  test('beyond the reserved concurrency are throttled', async () => {
    await world.makeFunction('single', counter, { ReservedConcurrentExecutions: 1 });
    const first = world.invokeLater('single');
    await expect(world.settle(Promise.all([first, world.invokeLater('single')]))).rejects.toMatchObject({ code: 'TooManyRequestsException', statusCode: 429 });
    expect((await world.settle(first)).Payload).toBe('1');
  });

  test('finish what they run when the function is deleted meanwhile', async () => {
    await world.makeFunction('counter', counter);
    const running = world.invokeLater('counter');
    await world.aws.clock.runTo(world.aws.clock.now + 1000);
    await world.handler('AWS::Lambda::Function').delete('counter', { stackName: 's', stackId: 's', logicalId: 'L' });
    expect((await world.settle(running)).Payload).toBe('1');
    await expect(world.settle(world.invokeLater('counter'))).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
  });
});
