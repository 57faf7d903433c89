import { LocalAws, type JsonObject } from '../../../simulator/aws';
import { AwsError } from '../../../simulator/errors';
import type { AwsEvent } from '../../../simulator/events/aws-event';
import { EventBridge } from '../../../simulator/events/event-bridge';
import { checkPattern, matchesPattern } from '../../../simulator/events/event-pattern';
import { eventBridgeResources } from '../../../simulator/events/resources';
import { textOf } from '../../../simulator/states/paths';

const event: AwsEvent = {
  version: '0',
  id: 'event-1',
  'detail-type': 'Changed',
  source: 'aws.states',
  account: '111122223333',
  time: '2026-01-05T09:00:00Z',
  region: 'eu-central-1',
  resources: ['arn:one', 'arn:two'],
  detail: { status: 'FAILED', output: null, at: { arn: 'arn:machine' } },
};

test.each<[JsonObject, boolean]>([
  [{ source: ['aws.states'] }, true],
  [{ source: ['aws.ec2', 'aws.states'] }, true],
  [{ source: ['aws.ec2'] }, false],
  [{ source: ['aws.states'], 'detail-type': ['Other'] }, false],
  [{ detail: { status: ['FAILED', 'ABORTED'], at: { arn: ['arn:machine'] } } }, true],
  [{ detail: { status: ['SUCCEEDED'] } }, false],
  [{ detail: { output: [null] } }, true],
  [{ resources: ['arn:two'] }, true],
  [{ detail: { at: { arn: [{ prefix: 'arn:' }] } } }, true],
  [{ detail: { at: { arn: [{ prefix: 'x' }] } } }, false],
  [{ detail: { none: [{ exists: false }] } }, true],
  [{ detail: { status: [{ exists: false }] } }, false],
  [{ detail: { status: [{ 'anything-but': 'FAILED' }] } }, false],
  [{ detail: { status: [{ 'anything-but': ['SUCCEEDED'] }] } }, true],
  [{ detail: { none: [{ 'anything-but': 'x' }] } }, false],
])('the pattern %j matches: %s', (pattern, matches) => {
  expect(matchesPattern(pattern, { ...event })).toBe(matches);
});

test.each<JsonObject>([{ source: [{ suffix: 'x' }] }, { detail: { $or: [{ a: ['b'] }], $x: {} } , $y: {} }, { source: [['x']] }])('the pattern %j is refused', (pattern) => {
  expect(() => {
    checkPattern(pattern);
  }).toThrow(/does not model/);
});

test('a pattern value outside a list is refused as EventBridge does', () => {
  expect(() => {
    checkPattern({ source: 'aws.states' });
  }).toThrow(expect.objectContaining({ code: 'InvalidEventPatternException' }) as Error);
});

const functionArn = 'arn:aws:lambda:eu-central-1:111122223333:function:fn';
const context = { stackName: 'stack', stackId: 'arn:stack', logicalId: 'rRule' };

function world(answers: (AwsError | undefined)[] = []) {
  const aws = new LocalAws();
  const bridge = new EventBridge(aws);
  const calls: { caller: string; sourceArn: string | undefined; input: JsonObject; time: number }[] = [];
  aws.register({
    name: 'lambda',
    state: {},
    operations: {
      Invoke: {
        source: 'stand-in',
        fields: ['FunctionName', 'InvocationType', 'Payload'],
        latency: 0,
        run: (input, { arn, sourceArn }) => {
          const refusal = answers[calls.length];
          calls.push({ caller: arn, sourceArn, input, time: aws.clock.now });
          if (refusal) throw refusal;
          return { StatusCode: 202 };
        },
      },
    },
  });
  const [handler] = eventBridgeResources(bridge);
  if (!handler) throw new Error('no handler');
  const rule = (properties: JsonObject = {}) =>
    handler.create({ EventPattern: { source: ['aws.states'] }, Targets: [{ Id: 't', Arn: functionArn }], ...properties }, context);
  return { aws, bridge, calls, rule, handler };
}

test('a matching event reaches the function for the rule, soon', async () => {
  const { aws, bridge, calls, rule } = world();
  const made = await rule();
  expect(made.id).toMatch(/^stack-rRule-[A-Z0-9]{12}$/);
  bridge.publish(event);
  await aws.clock.runTo(aws.clock.now + 750);
  expect(calls).toMatchObject([{ caller: 'events.amazonaws.com', sourceArn: made.attributes?.Arn, input: { FunctionName: functionArn, InvocationType: 'Event' } }]);
  expect(JSON.parse(textOf(calls[0]?.input.Payload))).toEqual(event);
});

test.each<[string, JsonObject, AwsEvent]>([
  ['a disabled rule', { State: 'DISABLED' }, event],
  ['a rule of another source', { EventPattern: { source: ['aws.ec2'] } }, event],
])('%s delivers nothing', async (_title, properties, published) => {
  const { aws, bridge, calls, rule } = world();
  await rule(properties);
  bridge.publish(published);
  await aws.clock.runTo(aws.clock.now + 60_000);
  expect(calls).toHaveLength(0);
});

test('a deleted rule delivers nothing', async () => {
  const { aws, bridge, calls, rule, handler } = world();
  await handler.delete((await rule()).id, context);
  bridge.publish(event);
  await aws.clock.runTo(aws.clock.now + 60_000);
  expect(calls).toHaveLength(0);
});

test('an event may come more than once', async () => {
  const { aws, bridge, calls, rule } = world();
  await rule();
  bridge.duplicates = 1;
  bridge.publish(event);
  await aws.clock.runTo(aws.clock.now + 1_000);
  expect(calls).toHaveLength(2);
});

const throttle = new AwsError('TooManyRequestsException', 'Rate Exceeded.', 429);

test('a throttled delivery is tried again', async () => {
  const { aws, bridge, calls, rule } = world([throttle, throttle]);
  await rule();
  bridge.publish(event);
  await aws.clock.runTo(aws.clock.now + 60_000);
  expect(calls).toHaveLength(3);
  expect(bridge.state.deliveries.map(({ error }) => error)).toEqual(['TooManyRequestsException', 'TooManyRequestsException', undefined]);
});

const throttled = Array.from({ length: 300 }, () => throttle);

test('MaximumRetryAttempts bounds the tries', async () => {
  const { aws, bridge, calls, rule } = world(throttled);
  await rule({ Targets: [{ Id: 't', Arn: functionArn, RetryPolicy: { MaximumRetryAttempts: 1 } }] });
  bridge.publish(event);
  await aws.clock.runTo(aws.clock.now + 3_600_000);
  expect(calls).toHaveLength(2);
});

test('MaximumEventAgeInSeconds bounds the time of the tries', async () => {
  const { aws, bridge, calls, rule } = world(throttled);
  await rule({ Targets: [{ Id: 't', Arn: functionArn, RetryPolicy: { MaximumEventAgeInSeconds: 60 } }] });
  const published = aws.clock.now;
  bridge.publish(event);
  await aws.clock.runTo(published + 3_600_000);
  expect(calls.length).toBeGreaterThan(2);
  expect(Math.max(...calls.map(({ time }) => time)) - published).toBeLessThan(60_000);
});

test('a delivery that is not allowed is not tried again', async () => {
  const { aws, bridge, calls, rule } = world([new AwsError('AccessDeniedException', 'no', 403)]);
  await rule();
  bridge.publish(event);
  await aws.clock.runTo(aws.clock.now + 3_600_000);
  expect(calls).toHaveLength(1);
});

test('a target that is no Lambda function is refused by name', () => {
  const { rule } = world();
  expect(() => rule({ Targets: [{ Id: 't', Arn: 'arn:aws:sqs:eu-central-1:111122223333:queue' }] })).toThrow(/does not model rule target/);
});
