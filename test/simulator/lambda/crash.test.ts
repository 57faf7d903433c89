import { FunctionWorld } from './function-world';

let world: FunctionWorld;

const readTwice = `
  const { SecretsManagerClient, GetSecretValueCommand } = require('@aws-sdk/client-secrets-manager');
  const client = new SecretsManagerClient({});
  exports.handler = async () => {
    for (let time = 0; time < 2; time++) await client.send(new GetSecretValueCommand({ SecretId: 'secret' }));
    return 'read';
  };`;

beforeEach(async () => {
  world = await FunctionWorld.start();
  world.secrets.put('secret', { SecretString: 'text' });
  await world.grant('secretsmanager:GetSecretValue');
  await world.makeFunction('reader', readTwice);
});

afterEach(async () => {
  await world.stop();
});

describe('a crash of a function', () => {
  test.each([0, 1, 2])('after %i of its requests ends it as a process that exits, and the next run is a new one', async (afterRequests) => {
    world.lambda.crashes.push({ functionName: 'reader', afterRequests });
    const calls = () => world.aws.calls.filter(({ service }) => service === 'secretsmanager').length;
    expect(await world.invoke('reader')).toMatchObject({ failed: true, payload: { errorType: 'Runtime.ExitError' } });
    expect(calls()).toBe(afterRequests);
    expect(await world.invoke('reader')).toEqual({ failed: false, payload: 'read' });
    expect(world.lambda.runs.map(({ name, requests, error }) => [name, requests, error])).toEqual([
      ['reader', afterRequests, 'Runtime.ExitError'],
      ['reader', 2, undefined],
    ]);
  });

  test('lets as many runs pass as it is told, and leaves other functions alone', async () => {
    world.lambda.crashes.push({ functionName: 'reader', skip: 1, afterRequests: 0 });
    await world.makeFunction('other', 'exports.handler = async () => 1;');
    expect((await world.invoke('reader')).failed).toBe(false);
    expect((await world.invoke('other')).failed).toBe(false);
    expect((await world.invoke('reader')).failed).toBe(true);
    expect(world.lambda.crashes).toEqual([]);
  });
});
