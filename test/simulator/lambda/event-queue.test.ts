import type { JsonObject } from '../../../simulator/aws';
import { FunctionWorld } from './function-world';

let world: FunctionWorld;

beforeEach(async () => {
  world = await FunctionWorld.start();
});

afterEach(async () => {
  await world.stop();
});

const failing = "exports.handler = async () => { console.log('ran'); throw new Error('down'); };";

/** The virtual times, from the acceptance on, at which the function was run. */
async function runTimes(name: string, seconds: number): Promise<number[]> {
  const times: number[] = [];
  const accepted = world.aws.clock.now;
  const end = accepted + seconds * 1000;
  await world.settle(world.invokeLater(name, { a: 1 }, 'Event'));
  let seen = 0;
  await world.aws.clock.runUntil(() => {
    const starts = world.messages(`/aws/lambda/${name}`).filter((line) => line.startsWith('START')).length;
    while (seen < starts) {
      times.push(Math.round((world.aws.clock.now - accepted) / 1000));
      seen++;
    }
    if (world.aws.clock.now < end) world.aws.clock.after(1000, () => undefined);
    return world.aws.clock.now >= end;
  });
  return times;
}

const lambdaArn = (name: string): string => world.aws.arn('lambda', `function:${name}`);

test('an event is accepted at once and delivered later', async () => {
  await world.makeFunction('worker', "exports.handler = async () => console.log('ran');");
  const answer = await world.settle(world.invokeLater('worker', {}, 'Event'));
  expect(answer).toEqual({ StatusCode: 202 });
  expect(world.logged).toEqual([]);
  expect(await runTimes('worker', 600)).toHaveLength(2);
});

test('a failed event is tried again after one minute, and after two more', async () => {
  await world.makeFunction('worker', failing);
  expect(await runTimes('worker', 1000)).toEqual([1, 61, 181]);
});

test.each([
  [0, [1]],
  [1, [1, 61]],
])('with MaximumRetryAttempts %i it is run that often more', async (MaximumRetryAttempts, times) => {
  await world.makeFunction('worker', failing);
  await world.make('AWS::Lambda::EventInvokeConfig', { FunctionName: 'worker', Qualifier: '$LATEST', MaximumRetryAttempts });
  expect(await runTimes('worker', 1000)).toEqual(times);
});

test('an event can be delivered twice', async () => {
  await world.makeFunction('worker', "exports.handler = async () => console.log('ran');");
  world.lambda.duplicateAsync = 1;
  expect(await runTimes('worker', 100)).toHaveLength(2);
});

describe('an event that fails for good', () => {
  beforeEach(async () => {
    await world.makeFunction('worker', failing);
    await world.makeFunction('net', 'exports.handler = async (event) => console.log(JSON.stringify(event));');
  });

  const configure = (more: JsonObject = {}): Promise<unknown> =>
    world.make('AWS::Lambda::EventInvokeConfig', {
      FunctionName: 'worker',
      Qualifier: '$LATEST',
      DestinationConfig: { OnFailure: { Destination: lambdaArn('net') } },
      ...more,
    });

  const record = (): JsonObject => {
    const line = world.messages('/aws/lambda/net').find((message) => message.includes('requestContext')) ?? '';
    return JSON.parse(line.split('\t')[3] ?? 'null') as JsonObject;
  };

  test('goes to the destination with what was asked and answered', async () => {
    await world.grant('lambda:InvokeFunction');
    await configure({ MaximumRetryAttempts: 0 });
    await runTimes('worker', 30);
    expect(record()).toMatchObject({
      version: '1.0',
      requestContext: { functionArn: `${lambdaArn('worker')}:$LATEST`, condition: 'RetriesExhausted', approximateInvokeCount: 1 },
      requestPayload: { a: 1 },
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      responsePayload: { errorType: 'Error', errorMessage: 'down' },
    });
  });

  test('goes there when it has become too old', async () => {
    await world.grant('lambda:InvokeFunction');
    await configure({ MaximumEventAgeInSeconds: 100 });
    expect(await runTimes('worker', 300)).toEqual([1, 61]);
    expect(record()).toMatchObject({ requestContext: { condition: 'EventAgeExceeded', approximateInvokeCount: 2 } });
  });

  test('goes there when it was throttled until it was too old', async () => {
    await world.grant('lambda:InvokeFunction');
    await configure({ MaximumEventAgeInSeconds: 60 });
    const fn = world.lambda.functionOf('worker');
    fn.reservedConcurrency = 0;
    expect(await runTimes('worker', 100)).toEqual([]);
    expect(record()).toMatchObject({ requestContext: { condition: 'EventAgeExceeded', approximateInvokeCount: 0 } });
  });

  test('gets no destination that the role may not invoke', async () => {
    const began = world.aws.clock.now;
    await expect(configure()).rejects.toMatchObject({
      code: 'InvalidParameterValueException',
      message: `The function's execution role does not have permissions to call Invoke on ${lambdaArn('net')}`,
    });
    expect(world.aws.clock.now - began).toBe(120_000);
  });

  test('must be a function that exists, or is refused at once', async () => {
    const began = world.aws.clock.now;
    await expect(configure({ DestinationConfig: { OnFailure: { Destination: lambdaArn('none') } } })).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
    expect(world.aws.clock.now).toBe(began);
  });

  test('waits for a role that is about to take effect', async () => {
    const configured = configure();
    world.aws.iam.putInlinePolicies('worker', 'late', [
      { name: 'late', document: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: '*' }] } },
    ]);
    await expect(configured).resolves.toMatchObject({ id: 'worker|$LATEST' });
  });
});
