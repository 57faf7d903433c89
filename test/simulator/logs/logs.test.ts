import { LocalAws, type JsonObject } from '../../../simulator/aws';
import type { Caller } from '../../../simulator/iam/iam';
import { Logs } from '../../../simulator/logs/logs';
import { logsResources } from '../../../simulator/logs/resources';
import { timings } from '../../../simulator/timings';

const groupArn = 'arn:aws:logs:eu-central-1:111122223333:log-group:/fn:*';
const context = { stackName: 'stack', stackId: 'arn:stack', logicalId: 'rLogs' };

async function world(statement: JsonObject) {
  const aws = new LocalAws();
  const logs = new Logs(aws);
  const trust = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }] };
  const { arn } = aws.iam.createRole('fn', trust);
  aws.iam.putInlinePolicies('fn', 'fn', [{ name: 'p', document: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] } }]);
  await aws.clock.runTo(aws.clock.now + timings.rolePropagation);
  const caller: Caller = aws.iam.assume('lambda.amazonaws.com', arn, 'arn:fn');
  const [handler] = logsResources(logs);
  if (!handler) throw new Error('no handler');
  return { logs, caller, handler };
}

test('a role that may write to the group writes into its streams', async () => {
  const { logs, caller, handler } = await world({ Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: groupArn });
  expect(await handler.create({ LogGroupName: '/fn', RetentionInDays: 30 }, context)).toEqual({ id: '/fn', attributes: { Arn: groupArn } });
  logs.write(caller, '/fn', 's', 'hello');
  expect(logs.state.groups['/fn']).toMatchObject({ retentionInDays: 30, streams: ['s'], messages: [{ stream: 's', message: 'hello' }] });
});

test.each<[string, JsonObject, string]>([
  ['without logs:PutLogEvents', { Action: 'logs:CreateLogStream', Resource: groupArn }, '/fn'],
  ['without logs:CreateLogStream', { Action: 'logs:PutLogEvents', Resource: groupArn }, '/fn'],
  ['for a grant that lacks :*', { Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: groupArn.slice(0, -2) }, '/fn'],
  ['into a missing group without logs:CreateLogGroup', { Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: '*' }, '/gone'],
])('a line is lost without a word %s', async (_title, statement, group) => {
  const { logs, caller } = await world(statement);
  logs.createGroup('/fn');
  logs.write(caller, group, 's', 'hello');
  expect(logs.state.groups['/fn']?.messages).toEqual([]);
  expect(logs.state.groups['/gone']).toBeUndefined();
  expect(logs.state.lost).toBe(1);
});

test('a role with logs:CreateLogGroup makes a missing group, which then blocks its explicit name', async () => {
  const { logs, caller, handler } = await world({ Action: 'logs:*', Resource: '*' });
  logs.write(caller, '/fn', 's', 'late');
  expect(logs.state.groups['/fn']?.messages).toHaveLength(1);
  expect(() => handler.create({ LogGroupName: '/fn' }, context)).toThrow(expect.objectContaining({ code: 'ResourceAlreadyExistsException' }) as Error);
});

test('a retention that CloudWatch Logs does not know is refused', async () => {
  const { handler } = await world({ Action: 'logs:*', Resource: '*' });
  expect(() => handler.create({ LogGroupName: '/fn', RetentionInDays: 2 }, context)).toThrow('RetentionInDays');
});
