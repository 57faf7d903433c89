import type { JsonObject } from '../../../simulator/aws';
import { invoke, only, returned, threw, World } from './world';

const input = { a: { b: [{ c: 'deep' }] }, n: 2, s: '{"x":1}', list: [1, 2, 3] };

async function result(state: JsonObject): Promise<unknown> {
  const record = await new World().play(only({ Type: 'Pass', ...state }), input);
  return record.status === 'SUCCEEDED' ? JSON.parse(record.output ?? 'null') : { status: record.status, error: record.error };
}

test.each<[string, JsonObject, unknown]>([
  ['InputPath selects what a state sees', { InputPath: '$.a.b[0]' }, { c: 'deep' }],
  ['InputPath null gives an empty object', { InputPath: null }, {}],
  ['OutputPath selects what a state hands on', { OutputPath: '$.a.b[0].c' }, 'deep'],
  ['OutputPath null hands on an empty object', { OutputPath: null }, {}],
  ['Parameters build the input, nested, with fixed values', { Parameters: { fixed: 1, 'taken.$': '$.n', in: { 'c.$': '$.a.b[0].c' } } }, { fixed: 1, taken: 2, in: { c: 'deep' } }],
  ['ResultPath puts the result beside the input', { Result: 'r', ResultPath: '$.new.place' }, { ...input, new: { place: 'r' } }],
  ['ResultPath null drops the result', { Result: 'r', ResultPath: null }, input],
  ['ResultPath replaces one field and leaves its siblings', { Result: 'r', ResultPath: '$.a.d' }, { ...input, a: { ...input.a, d: 'r' } }],
  ['States.Format fills {} in order', { Parameters: { 'x.$': "States.Format('{}-{} \\{\\}', $.n, $.a.b[0].c)" } }, { x: '2-deep {}' }],
  ['States.MathAdd adds', { Parameters: { 'x.$': 'States.MathAdd($.n, -1)' } }, { x: 1 }],
  ['States.JsonToString and States.StringToJson are nested', { Parameters: { 'x.$': 'States.JsonToString(States.StringToJson($.s))' } }, { x: '{"x":1}' }],
  ['States.Array and States.ArrayLength', { Parameters: { 'x.$': 'States.Array($.n, 1)', 'y.$': 'States.ArrayLength($.list)' } }, { x: [2, 1], y: 3 }],
  ['a path that does not resolve is States.Runtime', { InputPath: '$.nowhere' }, { status: 'FAILED', error: 'States.Runtime' }],
  ['a path into a prototype does not resolve', { Parameters: { 'x.$': '$.toString' } }, { status: 'FAILED', error: 'States.Runtime' }],
  ['a missing context field is States.Runtime', { Parameters: { 'x.$': '$$.Task.Token' } }, { status: 'FAILED', error: 'States.Runtime' }],
  ['a function that fails is States.IntrinsicFailure', { Parameters: { 'x.$': 'States.StringToJson($.a.b[0].c)' } }, { status: 'FAILED', error: 'States.IntrinsicFailure' }],
])('%s', async (_title, state, expected) => {
  expect(await result(state)).toEqual(expected);
});

test('the context object tells the execution, the state and the state machine', async () => {
  const world = new World();
  const record = await world.play(only({ Type: 'Pass', Parameters: { 'c.$': '$$' } }), { in: 1 });
  expect(JSON.parse(record.output ?? '')).toEqual({
    c: {
      Execution: { Id: record.arn, Input: { in: 1 }, Name: 'one', StartTime: new Date(record.startTime).toISOString() },
      State: { Name: 'Only', EnteredTime: new Date(record.startTime + 30).toISOString(), RetryCount: 0 },
      StateMachine: { Id: record.machineArn, Name: 'machine' },
    },
  });
});

test('a task sees how often its state was retried: 0 first, then the number of retries, by whichever retrier', async () => {
  const world = new World();
  const inputs = world.serve('lambda', 'Invoke', [threw('A'), threw('B'), threw('A'), returned({})]);
  const Retry = ['A', 'B'].map((error) => ({ ErrorEquals: [error], MaxAttempts: 2 }));
  const record = await world.play(only({ ...invoke, Parameters: { FunctionName: 'fn', Payload: { 'attempt.$': '$$.State.RetryCount' } }, Retry }));
  expect([record.status, inputs.map(({ Payload }) => Payload)]).toEqual(['SUCCEEDED', [0, 1, 2, 3].map((attempt) => `{"attempt":${attempt}}`)]);
});

test('data above 262,144 bytes is States.DataLimitExceeded', async () => {
  const record = await new World().play(only({ Type: 'Pass', Parameters: { 'x.$': "States.Format('{}{}', $.s, $.s)" } }), { s: 'x'.repeat(140_000) });
  expect(record).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded' });
});

test('a Fail state ends the execution with its error and cause, fixed or from paths', async () => {
  expect(await new World().play(only({ Type: 'Fail', Error: 'Mine', Cause: 'because' }))).toMatchObject({ status: 'FAILED', error: 'Mine', cause: 'because' });
  const fromPaths = only({ Type: 'Fail', ErrorPath: '$.e', CausePath: "States.Format('of {}', $.c)" });
  expect(await new World().play(fromPaths, { e: 'E', c: 'C' })).toMatchObject({ status: 'FAILED', error: 'E', cause: 'of C' });
});

test('a Wait takes its seconds from the definition or from the input', async () => {
  const fixed = await new World().play(only({ Type: 'Wait', Seconds: 5 }));
  expect((fixed.stopTime ?? 0) - fixed.startTime).toBe(5_030);
  const given = await new World().play(only({ Type: 'Wait', SecondsPath: '$.n' }), { n: 7 });
  expect((given.stopTime ?? 0) - given.startTime).toBe(7_030);
  expect(await new World().play(only({ Type: 'Wait', SecondsPath: '$.n' }), { n: 'soon' })).toMatchObject({ error: 'States.Runtime' });
});

test('an execution past 25,000 history events ends with States.Runtime', async () => {
  const loop = { StartAt: 'Again', States: { Again: { Type: 'Pass', Next: 'And' }, And: { Type: 'Pass', Next: 'Again' } } };
  const record = await new World().play(loop);
  expect(record).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
  expect(record.cause).toContain('maximum number of history events (25000)');
});
