import type { JsonObject } from '../../../simulator/aws';
import { World } from './world';

const input = { s: 'abc', n: 3, t: true, nil: null, m: 3, star: 'a*c' };

async function chosen(rule: JsonObject): Promise<string> {
  const States = { Ask: { Type: 'Choice', Choices: [{ ...rule, Next: 'Yes' }], Default: 'No' }, Yes: { Type: 'Succeed' }, No: { Type: 'Succeed' } };
  const record = await new World().play({ StartAt: 'Ask', States }, input);
  return record.status === 'SUCCEEDED' ? (record.path[1] ?? '') : (record.error ?? '');
}

const is = (Variable: string, operator: string, expected: JsonObject[string]): JsonObject => ({ Variable, [operator]: expected });

test.each<[JsonObject, string]>([
  [is('$.s', 'StringEquals', 'abc'), 'Yes'],
  [is('$.s', 'StringEquals', 'abd'), 'No'],
  [is('$.n', 'StringEquals', '3'), 'No'],
  [is('$.s', 'StringEqualsPath', '$.s'), 'Yes'],
  [is('$.s', 'StringMatches', 'a*'), 'Yes'],
  [is('$.s', 'StringMatches', 'b*'), 'No'],
  [is('$.s', 'StringMatches', 'a\\*c'), 'No'],
  [is('$.star', 'StringMatches', 'a\\*c'), 'Yes'],
  [is('$.t', 'BooleanEquals', true), 'Yes'],
  [is('$.t', 'BooleanEquals', false), 'No'],
  [is('$.n', 'NumericEquals', 3), 'Yes'],
  [is('$.n', 'NumericEqualsPath', '$.m'), 'Yes'],
  [is('$.s', 'NumericEquals', 3), 'No'],
  [is('$.n', 'NumericLessThan', 3), 'No'],
  [is('$.n', 'NumericLessThanEquals', 3), 'Yes'],
  [is('$.n', 'NumericGreaterThan', 3), 'No'],
  [is('$.n', 'NumericGreaterThan', 2), 'Yes'],
  [is('$.n', 'NumericGreaterThanEquals', 3), 'Yes'],
  [is('$.nil', 'IsNull', true), 'Yes'],
  [is('$.s', 'IsNull', true), 'No'],
  [is('$.s', 'IsString', true), 'Yes'],
  [is('$.n', 'IsString', false), 'Yes'],
  [is('$.t', 'IsBoolean', true), 'Yes'],
  [is('$.nil', 'IsPresent', true), 'Yes'],
  [is('$.none', 'IsPresent', true), 'No'],
  [is('$.none', 'IsPresent', false), 'Yes'],
  [is('$.none', 'StringEquals', 'x'), 'States.Runtime'],
  [is('$.none', 'IsNull', true), 'States.Runtime'],
  [{ Not: is('$.n', 'NumericEquals', 4) }, 'Yes'],
  [{ And: [is('$.none', 'IsPresent', true), is('$.none', 'StringEquals', 'x')] }, 'No'],
  [{ And: [is('$.s', 'IsPresent', true), is('$.s', 'StringEquals', 'abc')] }, 'Yes'],
  [{ Or: [is('$.n', 'NumericEquals', 9), is('$.t', 'BooleanEquals', true)] }, 'Yes'],
])('the rule %j leads to %s', async (rule, expected) => {
  expect(await chosen(rule)).toBe(expected);
});

test('with no match and no Default the execution fails with States.NoChoiceMatched', async () => {
  const States = { Ask: { Type: 'Choice', Choices: [{ ...is('$.n', 'NumericEquals', 9), Next: 'Yes' }] }, Yes: { Type: 'Succeed' } };
  expect(await new World().play({ StartAt: 'Ask', States }, input)).toMatchObject({ status: 'FAILED', error: 'States.NoChoiceMatched' });
});
