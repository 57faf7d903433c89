import { LocalAws, type Json } from '../../../simulator/aws';
import { AwsError, NotModelled } from '../../../simulator/errors';
import type { Permission } from '../../../simulator/iam/iam';
import { timings } from '../../../simulator/timings';

const trust = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole', Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' } } }],
};
const policy = (...statements: Json[]): Json => ({ Version: '2012-10-17', Statement: statements });
const source = 'arn:aws:lambda:eu-central-1:111122223333:function:f';

async function worldWith(...statements: Json[]) {
  const aws = new LocalAws();
  const role = aws.iam.createRole('r', trust);
  if (statements.length > 0) aws.iam.putInlinePolicies('r', 'r', [{ name: 'p', document: policy(...statements) }]);
  await aws.clock.runTo(aws.clock.now + timings.rolePropagation);
  return { aws, role, caller: aws.iam.assume('lambda.amazonaws.com', role.arn, source) };
}

const allow = (Action: Json, Resource: Json = '*', more = {}): Json => ({ Effect: 'Allow', Action, Resource, ...more });
const topic = 'arn:aws:sns:eu-central-1:111122223333:Topic-a';

describe('a call of a role', () => {
  const ask: Permission = { action: 'sns:Publish', resource: topic, context: { 'sns:Protocol': 'https', 'sns:Endpoint': 'arn:aws:sqs:eu-central-1:1:q/x' } };
  test.each<[string, boolean, Json[]]>([
    ['no policy', false, []],
    ['the action itself', true, [allow('sns:Publish')]],
    ['the action in other case', true, [allow('SNS:publish')]],
    ['a pattern of the action', true, [allow('sns:Pub*')]],
    ['a one-character pattern', true, [allow('sns:Publis?')]],
    ['another action', false, [allow('sns:PublishBatch')]],
    ['the resource itself', true, [allow('sns:Publish', topic)]],
    ['a resource pattern', true, [allow('sns:Publish', 'arn:aws:sns:*:*:Topic-?')]],
    ['the resource in other case', false, [allow('sns:Publish', topic.toLowerCase())]],
    ['another resource', false, [allow('sns:Publish', `${topic}b`)]],
    ['an explicit Deny beside an Allow', false, [allow('sns:*'), { Effect: 'Deny', Action: 'sns:Publish', Resource: topic }]],
    ['a condition that holds', true, [allow('sns:Publish', '*', { Condition: { StringEquals: { 'SNS:protocol': ['http', 'https'] } } })]],
    ['a condition that does not hold', false, [allow('sns:Publish', '*', { Condition: { StringEquals: { 'sns:Protocol': 'http*' } } })]],
    ['a like-condition that holds', true, [allow('sns:Publish', '*', { Condition: { StringLike: { 'sns:Protocol': 'http*' } } })]],
    ['an ARN condition that holds', true, [allow('sns:Publish', '*', { Condition: { ArnLike: { 'sns:Endpoint': 'arn:*:sqs:*:*:q/*' } } })]],
    ['an ARN condition with too few parts', false, [allow('sns:Publish', '*', { Condition: { ArnLike: { 'sns:Endpoint': 'arn:aws:*' } } })]],
    ['a condition on an absent key', false, [allow('sns:Publish', '*', { Condition: { Bool: { 'aws:SecureTransport': true } } })]],
    ['a global key that holds', true, [allow('sns:Publish', '*', { Condition: { StringEquals: { 'aws:RequestedRegion': 'eu-central-1' } } })]],
  ])('with %s is allowed: %s', async (_title, allowed, statements) => {
    const { aws, caller } = await worldWith(...statements);
    const call = () => aws.iam.authorize(caller, ask);
    if (allowed) expect(call).not.toThrow();
    else expect(call).toThrow(AwsError);
    expect(aws.iam.denials).toHaveLength(allowed ? 0 : 1);
  });

  test('that is refused names who, what and where, in AWS\'s words', async () => {
    const { aws, caller } = await worldWith();
    expect(() => aws.iam.authorize(caller, ask)).toThrow(
      `User: arn:aws:sts::111122223333:assumed-role/r/session is not authorized to perform: sns:Publish on resource: ${topic} because no identity-based policy allows the sns:Publish action`,
    );
    expect(aws.iam.denials).toEqual([{ time: aws.clock.now, role: 'r', action: 'sns:Publish', resource: topic, transient: false }]);
  });

  test('can be allowed by the resource\'s own policy', async () => {
    const { aws, caller, role } = await worldWith();
    const statement = (principal: string) => ({ Version: '2012-10-17', Statement: [{ Effect: 'Allow' as const, Principal: { AWS: principal }, Action: 'sns:*', Resource: topic }] });
    expect(() => aws.iam.authorize(caller, { ...ask, resourcePolicy: statement(role.arn) })).not.toThrow();
    // The account as principal leaves the decision to the role's policies.
    expect(() => aws.iam.authorize(caller, { ...ask, resourcePolicy: statement('arn:aws:iam::111122223333:root') })).toThrow(AwsError);
  });

  test('is refused, as transient, until its role is effective', async () => {
    const aws = new LocalAws();
    const role = aws.iam.createRole('r', trust);
    aws.iam.putInlinePolicies('r', 'r', [{ name: 'p', document: policy(allow('sns:Publish')) }]);
    const caller = aws.iam.assume('lambda.amazonaws.com', role.arn, source);
    expect(() => aws.iam.authorize(caller, ask)).toThrow(AwsError);
    expect(aws.iam.denials[0]?.transient).toBe(true);
    await aws.clock.runTo(aws.clock.now + timings.rolePropagation);
    expect(() => aws.iam.authorize(caller, ask)).not.toThrow();
  });

  test('goes by the old text of a policy until a change is effective', async () => {
    const { aws, caller } = await worldWith(allow('sns:Publish'));
    aws.iam.putInlinePolicies('r', 'r', [{ name: 'p', document: policy(allow('sns:Subscribe')) }]);
    expect(() => aws.iam.authorize(caller, ask)).not.toThrow();
    await aws.clock.runTo(aws.clock.now + timings.rolePropagation);
    expect(() => aws.iam.authorize(caller, ask)).toThrow(AwsError);
  });

  test('marks the grants it needed, each action and resource by itself', async () => {
    const { aws, caller } = await worldWith(allow(['sns:Publish', 'sns:Subscribe'], [topic, `${topic}b`], { Sid: 'S' }));
    aws.iam.authorize(caller, ask);
    const used = aws.iam.grants().map(({ statement, action, resource, used }) => [statement, action, resource, used]);
    expect(used).toEqual([
      ['S', 'sns:Publish', topic, true],
      ['S', 'sns:Publish', `${topic}b`, false],
      ['S', 'sns:Subscribe', topic, false],
      ['S', 'sns:Subscribe', `${topic}b`, false],
    ]);
  });

  test('may do anything when it is the deployer\'s', () => {
    const aws = new LocalAws();
    expect(() => aws.iam.authorize(aws.iam.deployer, ask)).not.toThrow();
  });
});

describe('a call of a service', () => {
  const resourcePolicy = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow' as const, Principal: { Service: 'events.amazonaws.com' }, Action: 'lambda:InvokeFunction', Resource: source, Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:events:*:*:rule/a' } } }],
  };
  test.each([
    ['events.amazonaws.com', 'rule/a', true],
    ['events.amazonaws.com', 'rule/b', false],
    ['sns.amazonaws.com', 'rule/a', false],
  ])('%s for %s is allowed by the resource policy: %s', (arn, rule, allowed) => {
    const aws = new LocalAws();
    const call = () => aws.iam.authorize({ arn, sourceArn: aws.arn('events', rule) }, { action: 'lambda:InvokeFunction', resource: source, resourcePolicy });
    if (allowed) expect(call).not.toThrow();
    else expect(call).toThrow('no resource-based policy');
  });
});

describe('a role', () => {
  test('is assumed only by a service that it trusts', () => {
    const aws = new LocalAws();
    const { arn } = aws.iam.createRole('r', trust);
    expect(aws.iam.assume('lambda.amazonaws.com', arn, source)).toEqual({ arn: 'arn:aws:sts::111122223333:assumed-role/r/session', roleName: 'r' });
    expect(() => aws.iam.assume('states.amazonaws.com', arn, source)).toThrow("trust policy does not allow it");
    expect(() => aws.iam.assume('lambda.amazonaws.com', `${arn}x`, source)).toThrow('there is no such role');
  });

  test.each<[string, Json]>([
    ['NotAction', { Effect: 'Allow', NotAction: 's3:*', Resource: '*' }],
    ['NotResource', { Effect: 'Allow', Action: 's3:*', NotResource: '*' }],
    ['NumericEquals', allow('s3:*', '*', { Condition: { NumericEquals: { 's3:max-keys': '1' } } })],
    ['StringEqualsIfExists', allow('s3:*', '*', { Condition: { StringEqualsIfExists: { 'a:b': '1' } } })],
    ['ForAllValues:StringEquals', allow('s3:*', '*', { Condition: { 'ForAllValues:StringEquals': { 'a:b': '1' } } })],
    ['${aws:username}', allow('s3:*', 'arn:aws:s3:::${aws:username}')],
  ])('with %s is refused by name when it is made', (name, statement) => {
    const aws = new LocalAws();
    aws.iam.createRole('r', trust);
    const make = () => aws.iam.putInlinePolicies('r', 'r', [{ name: 'p', document: policy(statement) }]);
    expect(make).toThrow(NotModelled);
    expect(make).toThrow(name);
  });

  test.each([
    ['has more than 64 characters', 'r'.repeat(65), 'ValidationError'],
    ['is taken, in other case', 'TAKEN', 'EntityAlreadyExists'],
  ])('is refused when its name %s', (_title, name, code) => {
    const aws = new LocalAws();
    aws.iam.createRole('taken', trust);
    expect(() => aws.iam.createRole(name, trust)).toThrow(expect.objectContaining({ code }) as Error);
  });
});
