import { AwsError } from '../../../simulator/errors';
import type { JsonObject } from '../../../simulator/aws';
import { invoke, only, returned, threw, World } from './world';

const caught = (task: JsonObject, ErrorEquals: string[], rest: JsonObject = {}): JsonObject => ({
  StartAt: 'Try',
  States: { Try: { ...task, Catch: [{ ErrorEquals, Next: 'Caught', ...rest }], End: true }, Caught: { Type: 'Succeed' } },
});

test('a function gets the payload, and its answer arrives as Payload with the status', async () => {
  const world = new World();
  const inputs = world.serve('lambda', 'Invoke', [returned({ ok: true })]);
  const record = await world.play(only({ ...invoke, ResultSelector: { 'answer.$': '$.Payload', 'status.$': '$.StatusCode' }, ResultPath: '$.r' }), { a: 1 });
  expect(inputs).toEqual([{ FunctionName: 'fn', InvocationType: 'RequestResponse', Payload: '{"a":1}' }]);
  expect(JSON.parse(record.output ?? '')).toEqual({ a: 1, r: { answer: { ok: true }, status: 200 } });
});

test('a function by its own ARN gets the state’s data as its event, and its answer is the result', async () => {
  const world = new World();
  const FunctionName = 'arn:aws:lambda:eu-central-1:111122223333:function:fn';
  const inputs = world.serve('lambda', 'Invoke', [returned({ ok: true }), threw('Mine')]);
  const task = { Type: 'Task', Resource: FunctionName, Parameters: { Do: 'this', 'With.$': '$.a' }, ResultPath: '$.r' };
  const record = await world.play({ StartAt: 'A', States: { A: { ...task, Next: 'B' }, B: { ...task, End: true } } }, { a: 1 });
  expect(inputs[0]).toEqual({ FunctionName, InvocationType: 'RequestResponse', Payload: '{"Do":"this","With":1}' });
  expect(record).toMatchObject({ status: 'FAILED', error: 'Mine' });
  expect(record.history.find(({ type }) => type === 'TaskStateExited')?.details.output).toBe('{"a":1,"r":{"ok":true}}');
});

test.each<[string, JsonObject | AwsError, string]>([
  ['a function’s own error keeps its name', threw('KMSInternalException'), 'KMSInternalException'],
  ['a function’s time-out is Sandbox.Timedout', threw('Sandbox.Timedout'), 'Sandbox.Timedout'],
  ['a function’s crash is Runtime.ExitError', threw('Runtime.ExitError'), 'Runtime.ExitError'],
  ['an error that Lambda cannot name is Lambda.Unknown', { StatusCode: 200, FunctionError: 'Unhandled', Payload: 'null' }, 'Lambda.Unknown'],
  ['a throttle is Lambda.TooManyRequestsException', new AwsError('TooManyRequestsException', 'Rate Exceeded.', 429), 'Lambda.TooManyRequestsException'],
  ['a service error is Lambda.ServiceException', new AwsError('ServiceException', 'x', 500), 'Lambda.ServiceException'],
  ['access denied is Lambda.AWSLambdaException', new AwsError('AccessDeniedException', 'x', 403), 'Lambda.AWSLambdaException'],
  ['a broken connection is Lambda.SdkClientException', new AwsError('SdkClientException', 'x'), 'Lambda.SdkClientException'],
])('%s', async (_title, answer, error) => {
  const world = new World();
  world.serve('lambda', 'Invoke', [answer]);
  expect(await world.play(only(invoke))).toMatchObject({ status: 'FAILED', error });
});

test('the cause of a function’s error is the JSON that the function answered', async () => {
  const world = new World();
  world.serve('lambda', 'Invoke', [threw('Mine', 'my message')]);
  const record = await world.play(caught(invoke, ['Mine'], { ResultPath: '$.Error' }), { a: 1 });
  const output = JSON.parse(record.output ?? '') as { a: number; Error: { Error: string; Cause: string } };
  expect(output).toMatchObject({ a: 1, Error: { Error: 'Mine' } });
  expect(JSON.parse(output.Error.Cause)).toEqual({ errorType: 'Mine', errorMessage: 'my message', trace: [] });
});

test.each<[service: string, code: string, error: string]>([
  ['kms', 'CustomKeyStoreHasCMKsException', 'Kms.CustomKeyStoreHasCmKsException'],
  ['kms', 'KMSInternalException', 'Kms.KmsInternalException'],
  ['kms', 'CustomKeyStoreNotFoundException', 'Kms.CustomKeyStoreNotFoundException'],
  ['kms', 'ThrottlingException', 'Kms.KmsException'],
  ['kms', 'AccessDeniedException', 'Kms.KmsException'],
  ['kms', 'SdkClientException', 'Kms.SdkClientException'],
  ['ssm', 'InvocationDoesNotExist', 'Ssm.InvocationDoesNotExistException'],
  ['ssm', 'InvalidInstanceId', 'Ssm.InvalidInstanceIdException'],
  ['ssm', 'InternalServerError', 'Ssm.InternalServerErrorException'],
  ['ssm', 'AccessDeniedException', 'Ssm.SsmException'],
  ['cloudhsmv2', 'CloudHsmServiceException', 'CloudHsmV2.CloudHsmServiceException'],
  ['cloudhsmv2', 'AccessDeniedException', 'CloudHsmV2.CloudHsmV2Exception'],
  ['secretsmanager', 'InternalServiceError', 'SecretsManager.InternalServiceErrorException'],
])('an SDK integration of %s shows %s as %s', async (service, code, error) => {
  const world = new World();
  world.serve(service === 'cloudhsmv2' ? 'cloudhsm' : service, 'DoSomething', [new AwsError(code, 'No.')]);
  const record = await world.play(only({ Type: 'Task', Resource: `arn:aws:states:::aws-sdk:${service}:doSomething`, Parameters: {} }));
  expect(record).toMatchObject({ status: 'FAILED', error });
  expect(record.cause).toMatch(/^No\. \(Service: \w+, Status Code: 400, Request ID: [0-9a-f-]{36}\)$/);
});

test('an SDK integration of Step Functions itself speaks PascalCase', async () => {
  const world = new World();
  const target = await world.machine('target', only({ Type: 'Succeed' }));
  const record = await world.play(only({ Type: 'Task', Resource: 'arn:aws:states:::aws-sdk:sfn:startExecution', Parameters: { StateMachineArn: target, Name: 'x' } }));
  expect(JSON.parse(record.output ?? '')).toMatchObject({ ExecutionArn: world.aws.arn('states', 'execution:target:x') });
});

test('a task without permission fails with the base class and the text of IAM', async () => {
  const world = new World();
  world.aws.register({
    name: 'kms',
    state: {},
    operations: { ListKeys: { source: 'stand-in', fields: [], latency: 0, permissions: () => [{ action: 'kms:ListKeys', resource: '*' }], run: () => ({}) } },
  });
  const arn = await world.machine('machine', only({ Type: 'Task', Resource: 'arn:aws:states:::aws-sdk:kms:listKeys', Parameters: {} }), [{ Effect: 'Allow', Action: 'kms:Other', Resource: '*' }]);
  const record = await world.start(arn);
  await world.settle(world.stepFunctions.ended(record.arn));
  expect(record).toMatchObject({ status: 'FAILED', error: 'Kms.KmsException' });
  expect(record.cause).toContain('is not authorized to perform: kms:ListKeys');
});

/** The times between the calls that a Retry makes, in seconds. */
async function gaps(Retry: JsonObject[], answers: (JsonObject | AwsError)[]): Promise<{ error: string | undefined; gaps: number[] }> {
  const world = new World();
  world.serve('lambda', 'Invoke', answers);
  const record = await world.play(only({ ...invoke, Retry }));
  const times = world.aws.calls.filter(({ operation }) => operation === 'Invoke').map(({ time }) => time);
  return { error: record.error, gaps: times.slice(1).map((time, index) => (time - (times[index] ?? 0)) / 1000) };
}

test.each<[string, JsonObject[], (JsonObject | AwsError)[], number[]]>([
  ['by default three retries after 1, 2 and 4 seconds', [{ ErrorEquals: ['States.ALL'] }], [threw('E')], [1, 2, 4]],
  ['MaxDelaySeconds cuts the back-off', [{ ErrorEquals: ['E'], IntervalSeconds: 2, BackoffRate: 3, MaxDelaySeconds: 7, MaxAttempts: 4 }], [threw('E')], [2, 6, 7, 7]],
  ['MaxAttempts 0 never retries', [{ ErrorEquals: ['E'], MaxAttempts: 0 }, { ErrorEquals: ['States.ALL'] }], [threw('E')], []],
  ['another error is not retried', [{ ErrorEquals: ['F'] }], [threw('E')], []],
  ['each retrier counts for itself', [{ ErrorEquals: ['E'], MaxAttempts: 2 }, { ErrorEquals: ['F'], MaxAttempts: 1, IntervalSeconds: 10 }], [threw('E'), threw('F'), threw('E'), threw('F')], [1, 10, 2]],
  ['States.TaskFailed matches a function’s error', [{ ErrorEquals: ['States.TaskFailed'], MaxAttempts: 1 }], [threw('E')], [1]],
])('Retry: %s', async (_title, retry, answers, expected) => {
  expect((await gaps(retry, answers)).gaps).toEqual(expected);
});

test('Retry: FULL jitter waits some part of the interval, the same part for the same seed', async () => {
  const retry = [{ ErrorEquals: ['E'], MaxAttempts: 1, IntervalSeconds: 100, JitterStrategy: 'FULL' }];
  const [one, other] = [await gaps(retry, [threw('E')]), await gaps(retry, [threw('E')])];
  expect(one).toEqual(other);
  expect(one.gaps[0]).toBeGreaterThan(0);
  expect(one.gaps[0]).toBeLessThan(100);
});

test('a retry that succeeds ends the matter', async () => {
  expect(await gaps([{ ErrorEquals: ['E'] }], [threw('E'), returned({})])).toEqual({ error: undefined, gaps: [1] });
});

test('a task that takes longer than TimeoutSeconds is States.Timeout, and States.TaskFailed does not match it', async () => {
  const world = new World();
  world.serve('lambda', 'Invoke', [returned({})], 20_000);
  const record = await world.play(caught({ ...invoke, TimeoutSeconds: 10 }, ['States.TaskFailed']));
  expect(record).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
  expect((record.stopTime ?? 0) - record.startTime).toBe(10_030);
});

test('States.ALL catches a time-out', async () => {
  const world = new World();
  world.serve('lambda', 'Invoke', [returned({})], 20_000);
  expect(await world.play(caught({ ...invoke, TimeoutSeconds: 10 }, ['States.ALL']))).toMatchObject({ status: 'SUCCEEDED', path: ['Try', 'Caught'] });
});

test.each<[string, JsonObject]>([
  ['in Parameters', { ...invoke, Parameters: { FunctionName: 'fn', 'Payload.$': '$.none' } }],
  ['in ResultSelector', { ...invoke, ResultSelector: { 'x.$': '$.Payload.none' } }],
  ['in OutputPath', { ...invoke, OutputPath: '$.Payload.none' }],
])('no Catch and no Retry sees a path that does not resolve %s', async (_where, task) => {
  const world = new World();
  const inputs = world.serve('lambda', 'Invoke', [returned({})]);
  const record = await world.play(caught({ ...task, Retry: [{ ErrorEquals: ['States.Runtime'] }] }, ['States.ALL']));
  expect(record).toMatchObject({ status: 'FAILED', error: 'States.Runtime', path: ['Try'] });
  expect(inputs.length).toBeLessThan(2);
});

test('States.ALL does not catch States.DataLimitExceeded', async () => {
  const world = new World();
  world.serve('lambda', 'Invoke', [returned({ long: 'x'.repeat(270_000) })]);
  expect(await world.play(caught(invoke, ['States.ALL']))).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded' });
});

test('what is not modelled ends the execution and is remembered as a refusal, past every Catch', async () => {
  const world = new World();
  const record = await world.play(caught({ Type: 'Task', Resource: 'arn:aws:states:::aws-sdk:kms:unheardOf', Parameters: {} }, ['States.ALL']));
  expect(record).toMatchObject({ status: 'FAILED', error: 'NotModelled', path: ['Try'] });
  expect(world.aws.refusals).toHaveLength(1);
});
