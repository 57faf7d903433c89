import type { JsonObject } from '../../../simulator/aws';
import { stepFunctionsResources } from '../../../simulator/states/resources';
import { everything, only, trust, World } from './world';

const context = { stackName: 'stack', stackId: 'arn:stack', logicalId: 'rMachine' };
const succeed = JSON.stringify(only({ Type: 'Succeed' }));
const nested = JSON.stringify(only({ Type: 'Task', Resource: 'arn:aws:states:::states:startExecution.sync:2', Parameters: { StateMachineArn: 'x' } }));
const logging = { Level: 'ERROR', IncludeExecutionData: false, Destinations: [{ CloudWatchLogsLogGroup: { LogGroupArn: 'arn:aws:logs:eu-central-1:111122223333:log-group:/x:*' } }] };

async function create(world: World, properties: JsonObject) {
  const [handler] = stepFunctionsResources(world.stepFunctions);
  if (!handler) throw new Error('no handler');
  return { handler, made: await world.settle(Promise.resolve(handler.create({ StateMachineName: 'm', DefinitionString: succeed, ...properties }, context))) };
}

test('a state machine answers Ref with its ARN, and has Arn and Name', async () => {
  const world = new World();
  const { made } = await create(world, { RoleArn: await world.role('r') });
  const arn = 'arn:aws:states:eu-central-1:111122223333:stateMachine:m';
  expect(made).toEqual({ id: arn, attributes: { Arn: arn, Name: 'm' } });
});

test('placeholders are substituted wherever they stand', async () => {
  const world = new World();
  const DefinitionString = JSON.stringify(only({ Type: 'Pass', Result: 'in ${Place}' }));
  await create(world, { DefinitionString, DefinitionSubstitutions: { Place: 'text' }, RoleArn: await world.role('r') });
  expect(Object.values(world.stepFunctions.state.machines)[0]?.definition).toContain('"in text"');
});

test('a placeholder that nothing is substituted for is refused', async () => {
  const world = new World();
  const DefinitionString = JSON.stringify(only({ Type: 'Pass', Result: '${Place}' }));
  await expect(create(world, { DefinitionString, RoleArn: await world.role('r') })).rejects.toThrow('nothing is substituted for ${Place}');
});

test.each<[string, JsonObject, JsonObject[], string]>([
  ['nested execution but not the managed rule', { DefinitionString: nested }, [{ Effect: 'Allow', Action: 'states:*', Resource: '*' }], "role/r' is not authorized to create managed-rule."],
  ['logging but not the log delivery', { LoggingConfiguration: logging }, [{ Effect: 'Allow', Action: 'logs:CreateLogDelivery', Resource: '*' }], 'The state machine IAM Role is not authorized to access the Log Destination'],
])('a role with %s is refused, after CloudFormation has tried for two minutes', async (_title, properties, statements, message) => {
  const world = new World();
  const RoleArn = await world.role('r', statements);
  const from = world.now;
  await expect(create(world, { ...properties, RoleArn })).rejects.toThrow(message);
  expect(world.now - from).toBe(120_000);
});

test('a role that is new works as soon as it is effective', async () => {
  const world = new World();
  const { arn } = world.aws.iam.createRole('new', trust);
  world.aws.iam.putInlinePolicies('new', 'new', [{ name: 'p', document: { Version: '2012-10-17', Statement: everything } }]);
  const { made } = await create(world, { DefinitionString: nested, LoggingConfiguration: logging, RoleArn: arn });
  expect(made.attributes?.Name).toBe('m');
  expect(world.aws.iam.denials.every(({ transient }) => transient)).toBe(true);
  expect(world.aws.iam.denials.length).toBeGreaterThan(0);
});

test('a role that Step Functions may not take is refused', async () => {
  const world = new World();
  const { arn } = world.aws.iam.createRole('other', { ...trust, Statement: [{ ...trust.Statement[0], Principal: { Service: 'lambda.amazonaws.com' } }] });
  await expect(create(world, { RoleArn: arn })).rejects.toMatchObject({ code: 'AccessDeniedException' });
});

test('an update leaves running executions their old definition', async () => {
  const world = new World();
  const RoleArn = await world.role('r');
  const slow = JSON.stringify({ StartAt: 'A', States: { A: { Type: 'Wait', Seconds: 9, Next: 'Old' }, Old: { Type: 'Succeed' } } });
  const { handler, made } = await create(world, { DefinitionString: slow, RoleArn });
  const record = await world.start(made.id);
  await world.settle(Promise.resolve(handler.update(made.id, { DefinitionString: succeed, RoleArn }, context)));
  await world.settle(world.stepFunctions.ended(record.arn));
  expect(record.path).toEqual(['A', 'Old']);
  expect(await world.settle(world.stepFunctions.ended((await world.start(made.id, {}, 'two')).arn))).toMatchObject({ path: ['Only'] });
});

test('a deleted state machine ends its executions at their next transition; made again, it knows no old names', async () => {
  const world = new World();
  const RoleArn = await world.role('r');
  const slow = JSON.stringify({ StartAt: 'A', States: { A: { Type: 'Wait', Seconds: 9, Next: 'B' }, B: { Type: 'Succeed' } } });
  const { handler, made } = await create(world, { DefinitionString: slow, RoleArn });
  const record = await world.start(made.id);
  await world.aws.clock.runTo(world.now + 1_000);
  const deleted = Promise.resolve(handler.delete(made.id, context));
  await expect(world.start(made.id, {}, 'late')).rejects.toMatchObject({ code: 'StateMachineDeleting' });
  await world.settle(deleted);
  expect(record).toMatchObject({ status: 'ABORTED', path: ['A'] });
  await expect(world.call('DescribeExecution', { executionArn: record.arn })).rejects.toMatchObject({ code: 'ExecutionDoesNotExist' });
  await create(world, { RoleArn });
  expect((await world.start(made.id)).status).toBe('RUNNING');
  expect(world.stepFunctions.state.forgotten).toContain(record);
});

test('a name that is in use is refused', async () => {
  const world = new World();
  const RoleArn = await world.role('r');
  await create(world, { RoleArn });
  await expect(create(world, { RoleArn })).rejects.toMatchObject({ code: 'StateMachineAlreadyExists' });
});
