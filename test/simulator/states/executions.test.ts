import type { JsonObject } from '../../../simulator/aws';
import { only, World } from './world';

const wait = (seconds: number, rest: JsonObject = {}): JsonObject => ({ ...only({ Type: 'Wait', Seconds: seconds }), ...rest });
const nested = (child: string, rest: JsonObject = {}): JsonObject =>
  only({ Type: 'Task', Resource: 'arn:aws:states:::states:startExecution.sync:2', Parameters: { StateMachineArn: child, Name: 'child', 'Input.$': '$' }, ...rest });

const childArn = 'arn:aws:states:eu-central-1:111122223333:execution:child:child';
const managedRule: JsonObject = {
  Effect: 'Allow',
  Action: ['events:PutTargets', 'events:PutRule', 'events:DescribeRule'],
  Resource: 'arn:aws:events:eu-central-1:111122223333:rule/StepFunctionsGetEventsForStepFunctionsExecutionRule',
};
const start: JsonObject = { Effect: 'Allow', Action: 'states:StartExecution', Resource: 'arn:aws:states:eu-central-1:111122223333:stateMachine:child' };
const follow = (...actions: string[]): JsonObject => ({ Effect: 'Allow', Action: actions, Resource: 'arn:aws:states:eu-central-1:111122223333:execution:child:*' });

/** Starts a parent and plays until its child runs. */
async function family(world: World, child: JsonObject, statements?: JsonObject[], rest?: JsonObject) {
  const child1 = await world.machine('child', child);
  const parent = await world.start(await world.machine('parent', nested(child1, rest), statements), { k: 1 }, 'parent');
  await world.aws.clock.runTo(world.now + 1_000);
  return parent;
}

test('an execution tells the bus that it runs and how it ended', async () => {
  const world = new World();
  const record = await world.play(only({ Type: 'Pass', Result: { done: true } }), { in: 1 });
  expect(world.events.map(({ detail }) => detail.status)).toEqual(['RUNNING', 'SUCCEEDED']);
  expect(world.events[1]).toMatchObject({
    source: 'aws.states',
    'detail-type': 'Step Functions Execution Status Change',
    resources: [record.arn],
    detail: { executionArn: record.arn, name: 'one', input: '{"in":1}', inputDetails: { included: true }, output: '{"done":true}', error: null, cause: null },
  });
});

test('an execution with more than 248 KiB of input and output leaves them out of its event', async () => {
  const world = new World();
  await world.play(only({ Type: 'Pass' }), { long: 'x'.repeat(130_000) });
  expect(world.events[1]?.detail).toMatchObject({ status: 'SUCCEEDED', input: null, inputDetails: { included: false } });
});

test('past its own TimeoutSeconds an execution ends TIMED_OUT, and no Catch sees it', async () => {
  const world = new World();
  world.serve('lambda', 'Invoke', [{ Payload: '{}' }], 60_000);
  const task = { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', Parameters: { FunctionName: 'fn' }, Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Caught' }], End: true };
  const record = await world.play({ StartAt: 'Try', TimeoutSeconds: 20, States: { Try: task, Caught: { Type: 'Succeed' } } });
  expect(record).toMatchObject({ status: 'TIMED_OUT', path: ['Try'] });
  expect((record.stopTime ?? 0) - record.startTime).toBe(20_000);
});

test('the same name with the same input is the same execution while it runs, and refused afterwards', async () => {
  const world = new World();
  const machine = await world.machine('m', wait(10));
  const first = await world.start(machine, { a: 1 });
  expect((await world.start(machine, { a: 1 })).arn).toBe(first.arn);
  await expect(world.start(machine, { a: 2 })).rejects.toMatchObject({ code: 'ExecutionAlreadyExists' });
  await world.settle(world.stepFunctions.ended(first.arn));
  await expect(world.start(machine, { a: 1 })).rejects.toMatchObject({ code: 'ExecutionAlreadyExists' });
  expect(first.path).toEqual(['Only']);
  await world.aws.clock.runTo(world.now + 90 * 24 * 3_600_000);
  expect((await world.start(machine, { a: 1 })).status).toBe('RUNNING');
});

test.each([
  ['InvalidName', { name: 'a b' }],
  ['InvalidName', { name: 'x'.repeat(81) }],
  ['InvalidExecutionInput', { input: '{' }],
  ['ValidationException', { input: JSON.stringify('x'.repeat(262_200)) }],
  ['StateMachineDoesNotExist', { stateMachineArn: 'arn:aws:states:eu-central-1:111122223333:stateMachine:other' }],
])('StartExecution answers %s to %o', async (code, wrong) => {
  const world = new World();
  const stateMachineArn = await world.machine('m', wait(1));
  await expect(world.call('StartExecution', { stateMachineArn, ...wrong })).rejects.toMatchObject({ code });
});

test('StopExecution aborts at once, with error and cause, and only once', async () => {
  const world = new World();
  const record = await world.start(await world.machine('m', wait(100)));
  await world.call('StopExecution', { executionArn: record.arn, error: 'Replaced', cause: 'by a newer one' });
  expect(record).toMatchObject({ status: 'ABORTED', error: 'Replaced', cause: 'by a newer one' });
  const { stopTime } = record;
  await world.call('StopExecution', { executionArn: record.arn });
  await world.aws.clock.runTo(world.now + 200_000);
  expect(record).toMatchObject({ status: 'ABORTED', error: 'Replaced', stopTime });
  expect(world.events.map(({ detail }) => detail.status)).toEqual(['RUNNING', 'ABORTED']);
});

test('DescribeExecution and StopExecution know no execution that was never started', async () => {
  const world = new World();
  for (const operation of ['DescribeExecution', 'StopExecution']) {
    await expect(world.call(operation, { executionArn: 'arn:none' })).rejects.toMatchObject({ code: 'ExecutionDoesNotExist' });
  }
});

test('ListExecutions gives the newest first, filtered by status, in pages', async () => {
  const world = new World();
  const machine = await world.machine('m', wait(10));
  await world.start(machine, {}, 'old');
  await world.aws.clock.runTo(world.now + 11_000);
  await world.start(machine, {}, 'new');
  const list = async (more: JsonObject) => {
    const { executions, nextToken } = await world.call('ListExecutions', { stateMachineArn: machine, ...more });
    return { names: Array.isArray(executions) ? executions.map((execution) => (execution as JsonObject).name) : [], nextToken };
  };
  expect(await list({})).toEqual({ names: ['new', 'old'], nextToken: undefined });
  expect(await list({ statusFilter: 'RUNNING' })).toEqual({ names: ['new'], nextToken: undefined });
  expect(await list({ maxResults: 1 })).toEqual({ names: ['new'], nextToken: '1' });
  expect(await list({ maxResults: 1, nextToken: '1' })).toEqual({ names: ['old'], nextToken: undefined });
});

test('ListExecutions may miss for two seconds what was just started', async () => {
  const seen = await Promise.all(
    Array.from({ length: 20 }, async (_, seed) => {
      const world = new World({ seed: seed + 1, staleReads: true });
      const machine = await world.machine('m', wait(100));
      await world.start(machine);
      const { executions } = await world.call('ListExecutions', { stateMachineArn: machine });
      await world.aws.clock.runTo(world.now + 2_000);
      const { executions: later } = await world.call('ListExecutions', { stateMachineArn: machine });
      expect(later).toHaveLength(1);
      return (executions as unknown[]).length;
    }),
  );
  expect(seen).toContain(0);
});

test('a nested execution gets its input and gives its output as JSON', async () => {
  const world = new World();
  const child = await world.machine('child', only({ Type: 'Pass', Parameters: { 'got.$': '$.k' } }));
  const parent = await world.play(nested(child), { k: 1 });
  expect(JSON.parse(parent.output ?? '')).toMatchObject({ ExecutionArn: childArn, Input: { k: 1 }, Name: 'child', Output: { got: 1 }, Status: 'SUCCEEDED' });
  // Entering a state twice, and the way to the child and back.
  expect((parent.stopTime ?? 0) - parent.startTime).toBe(30 + 500 + 30);
});

test.each<[string, JsonObject, JsonObject]>([
  ['fails', only({ Type: 'Fail', Error: 'Mine', Cause: 'because' }), { Status: 'FAILED', Error: 'Mine', Cause: 'because' }],
  ['times out', wait(10, { TimeoutSeconds: 5 }), { Status: 'TIMED_OUT' }],
])('a nested execution that %s is States.TaskFailed with the execution as its cause', async (_title, child, cause) => {
  const world = new World();
  const parent = await world.play(nested(await world.machine('child', child)), { k: 1 });
  expect(parent).toMatchObject({ status: 'FAILED', error: 'States.TaskFailed' });
  expect(JSON.parse(parent.cause ?? '')).toMatchObject({ ...cause, ExecutionArn: childArn, Input: { k: 1 }, Name: 'child' });
});

test('a nested execution that somebody stops is States.TaskFailed', async () => {
  const world = new World();
  const parent = await family(world, wait(100));
  await world.call('StopExecution', { executionArn: childArn });
  await world.settle(world.stepFunctions.ended(parent.arn));
  expect(parent).toMatchObject({ status: 'FAILED', error: 'States.TaskFailed' });
});

test.each<[string, JsonObject[], string]>([
  ['the permission to start', [managedRule, follow('states:DescribeExecution')], 'states:StartExecution'],
  ['the permission to describe', [managedRule, start], 'states:DescribeExecution'],
])('a nested execution without %s fails as StepFunctions.AWSStepFunctionsException', async (_title, statements, action) => {
  const world = new World();
  const parent = await family(world, only({ Type: 'Succeed' }), statements);
  await world.settle(world.stepFunctions.ended(parent.arn));
  expect(parent).toMatchObject({ status: 'FAILED', error: 'StepFunctions.AWSStepFunctionsException' });
  expect(parent.cause).toContain(action);
});

test('a nested execution under a used name fails as StepFunctions.ExecutionAlreadyExistsException', async () => {
  const world = new World();
  const child = await world.machine('child', only({ Type: 'Succeed' }));
  await world.settle(world.stepFunctions.ended((await world.start(child, {}, 'child')).arn));
  expect(await world.play(nested(child))).toMatchObject({ status: 'FAILED', error: 'StepFunctions.ExecutionAlreadyExistsException' });
});

test('a stopped parent stops its child within five seconds if its role may', async () => {
  const world = new World();
  const parent = await family(world, wait(100), [managedRule, start, follow('states:DescribeExecution', 'states:StopExecution')]);
  await world.call('StopExecution', { executionArn: parent.arn });
  await world.aws.clock.runTo(world.now + 5_200);
  expect(world.execution(childArn)).toMatchObject({ status: 'ABORTED' });
  expect(world.execution(childArn).cause).toContain(parent.arn);
});

test('without states:StopExecution the child of a stopped parent goes on', async () => {
  const world = new World();
  const parent = await family(world, wait(100), [managedRule, start, follow('states:DescribeExecution')]);
  await world.call('StopExecution', { executionArn: parent.arn });
  await world.aws.clock.runTo(world.now + 200_000);
  expect(world.execution(childArn).status).toBe('SUCCEEDED');
  expect(world.aws.iam.denials).toMatchObject([{ action: 'states:StopExecution', resource: childArn }]);
});

test('a time-out of the task that waits for a child stops the child in some worlds and not in others', async () => {
  const ends = await Promise.all(
    Array.from({ length: 12 }, async (_, seed) => {
      const world = new World({ seed: seed + 1 });
      const parent = await family(world, wait(60), undefined, { TimeoutSeconds: 10 });
      await world.aws.clock.runTo(world.now + 100_000);
      expect(parent).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
      return world.execution(childArn).status;
    }),
  );
  expect(new Set(ends)).toEqual(new Set(['ABORTED', 'SUCCEEDED']));
});

test('the state is plain data', async () => {
  const world = new World();
  await world.play(only({ Type: 'Pass' }), { a: 1 });
  expect(structuredClone(world.stepFunctions.state)).toEqual(world.stepFunctions.state);
});

it('an execution tells listeners of each state that it enters, as it enters it', async () => {
  const world = new World();
  const entered: [string, string, number][] = [];
  const began = world.now;
  world.stepFunctions.onStateEntered(({ machineName, status }, state) => entered.push([`${machineName} ${status}`, state, Math.round((world.now - began) / 1_000)]));
  await world.play({ StartAt: 'First', States: { First: { Type: 'Wait', Seconds: 60, Next: 'Second' }, Second: { Type: 'Pass', End: true } } });
  expect(entered.map(([machine, state]) => [machine, state])).toEqual([['machine RUNNING', 'First'], ['machine RUNNING', 'Second']]);
  expect((entered[1]?.[2] ?? 0) - (entered[0]?.[2] ?? 0)).toBe(60);
});
