import type { JsonObject } from '../../../simulator/aws';
import { parseDefinition } from '../../../simulator/states/parse-definition';
import { invoke, only } from './world';

const parse = (definition: JsonObject) => () => parseDefinition(JSON.stringify(definition));
const pass = (more: JsonObject): JsonObject => only({ Type: 'Pass', ...more });

test.each<[string, JsonObject]>([
  ['a JSONata machine', { ...pass({}), QueryLanguage: 'JSONata' }],
  ['variables', pass({ Assign: { x: 1 } })],
  ['an unknown field', pass({ Seconds: 1 })],
  ['Parallel', only({ Type: 'Parallel', Branches: [] })],
  ['Map', only({ Type: 'Map' })],
  ['a heartbeat', only({ ...invoke, HeartbeatSeconds: 10 })],
  ['an intrinsic function', pass({ Parameters: { 'x.$': 'States.UUID()' } })],
  ['a filter in a path', pass({ InputPath: '$.a[?(@.b)]' })],
  ['a wildcard in a path', pass({ Parameters: { 'x.$': '$.a[*]' } })],
  ['a choice operator', { StartAt: 'Ask', States: { Ask: { Type: 'Choice', Choices: [{ Variable: '$.t', TimestampEquals: 'x', Next: 'Ask' }] } } }],
  ['another integration of Lambda', only({ ...invoke, Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken' })],
  ['another service', only({ ...invoke, Resource: 'arn:aws:states:::aws-sdk:s3:listBuckets' })],
])('%s is refused by name, not played by guess', (_title, definition) => {
  expect(parse(definition)).toThrow(expect.objectContaining({ name: 'NotModelled' }) as Error);
});

const task = (more: JsonObject): JsonObject => only({ ...invoke, ...more });

test.each<[string, JsonObject]>([
  ['a start that is not there', { ...pass({}), StartAt: 'Nowhere' }],
  ['a Next that is not there', { StartAt: 'A', States: { A: { Type: 'Pass', Next: 'B' } } }],
  ['a Catch that leads nowhere', task({ Catch: [{ ErrorEquals: ['States.ALL'], Next: 'B' }] })],
  ['a Default that leads nowhere', { StartAt: 'A', States: { A: { Type: 'Choice', Choices: [{ Variable: '$', IsPresent: true, Next: 'A' }], Default: 'B' } } }],
  ['neither Next nor End', { StartAt: 'A', States: { A: { Type: 'Pass' } } }],
  ['Next and End', { StartAt: 'A', States: { A: { Type: 'Pass', Next: 'A', End: true } } }],
  ['a state that nothing reaches', { StartAt: 'A', States: { A: { Type: 'Succeed' }, B: { Type: 'Succeed' } } }],
  ['a resource that is no ARN', task({ Resource: '${Function}' })],
  ['States.ALL beside another error', task({ Retry: [{ ErrorEquals: ['States.ALL', 'E'] }] })],
  ['States.ALL before another rule', task({ Retry: [{ ErrorEquals: ['States.ALL'] }, { ErrorEquals: ['E'] }] })],
  ['a BackoffRate below 1', task({ Retry: [{ ErrorEquals: ['E'], BackoffRate: 0.5 }] })],
  ['a ResultPath into a list', pass({ ResultPath: '$.a[0]' })],
  ['a Wait without a time', only({ Type: 'Wait' })],
  ['a name of 81 characters', { StartAt: 'x'.repeat(81), States: { ['x'.repeat(81)]: { Type: 'Succeed' } } }],
])('Step Functions refuses %s as InvalidDefinition', (_title, definition) => {
  expect(parse(definition)).toThrow(expect.objectContaining({ code: 'InvalidDefinition' }) as Error);
});
