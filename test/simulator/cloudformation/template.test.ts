import { LocalAws, type Json, type JsonObject } from '../../../simulator/aws';
import { evaluate } from '../../../simulator/cloudformation/intrinsics';
import { loadTemplate } from '../../../simulator/cloudformation/load-template';
import type { Scope } from '../../../simulator/cloudformation/intrinsics';
import { NotModelled } from '../../../simulator/errors';
import { custom, play, templateOf, thing } from './play';

const scope: Scope = {
  values: new Map([['P', 'p'], ['AWS::NoValue', undefined], ['AWS::Region', new LocalAws().region]]),
  mappings: { M: { a: { b: 'found' } } },
  condition: (name) => name === 'Yes',
  resource: (logicalId, attribute) => `${logicalId}/${attribute ?? 'ref'}`,
};

describe('an intrinsic function', () => {
  test.each<[string, Json | undefined]>([
    ['!Ref P', 'p'],
    ['!Ref R', 'R/ref'],
    ['!GetAtt R.Arn', 'R/Arn'],
    ['!GetAtt [R, Data.Name]', 'R/Data.Name'],
    ["!Sub '${P}-${R}-${R.Arn}-${!Literal}-${AWS::Region}'", 'p-R/ref-R/Arn-${Literal}-eu-central-1'],
    ["!Sub ['${x}-${P}', {x: !Ref R}]", 'R/ref-p'],
    ["!Join ['-', [a, !Ref P]]", 'a-p'],
    ["!Select [1, !Split [',', 'a,b']]", 'b'],
    ['!If [Yes, 1, 2]', 1],
    ['!If [No, 1, 2]', 2],
    ['!FindInMap [M, a, b]', 'found'],
    ['{a: !Ref AWS::NoValue, b: [!If [No, 1, !Ref "AWS::NoValue"], 2]}', { b: [2] }],
    ["{'Fn::Sub': '${P}'}", 'p'],
  ])('%s gives %j', (yaml, expected) => {
    expect(evaluate(loadTemplate(`V: ${yaml}`, false).V ?? '', scope)).toEqual(expected);
  });
});

describe('a template', () => {
  const create = (templateBody: string, parameters: Record<string, string> = {}, world = play()) =>
    world.over(world.cloudFormation.createStack({ stackName: 's', templateBody, parameters }));

  test.each<[string, string, string]>([
    ['a resource type', 'resource type AWS::EC2::Instance', templateOf({ A: { Type: 'AWS::EC2::Instance' } })],
    ['a property', 'property Colour of Test::Thing', templateOf({ A: thing({ Colour: 1 }) })],
    ['a section', 'the template section Rules', templateOf({ A: thing() }, { Rules: {} })],
    ['a function', 'the intrinsic function Fn::ImportValue', templateOf({ A: thing({ Size: { 'Fn::ImportValue': 'x' } }) })],
    ['a short form', 'the short form !ImportValue', 'Resources: {A: {Type: "Test::Thing", Properties: {Size: !ImportValue x}}}'],
    ['a resource attribute', 'the attribute CreationPolicy of resource A', templateOf({ A: thing({}, { CreationPolicy: {} }) })],
    ['a parameter type', 'the type CommaDelimitedList of parameter P', templateOf({ A: thing() }, { Parameters: { P: { Type: 'CommaDelimitedList' } } })],
    ['a dynamic reference', 'dynamic references', templateOf({ A: thing({ Size: '{{resolve:ssm:x}}' }) })],
  ])('with %s that is not modelled is refused by name', async (_title, name, body) => {
    await expect(create(body)).rejects.toThrow(NotModelled);
    await expect(create(body)).rejects.toThrow(name);
  });

  test.each<[string, string, string]>([
    ['a null', "[/Resources/A/Properties/Size] 'null' values are not allowed", templateOf({ A: thing({ Size: null }) })],
    ['a circle', 'Circular dependency between resources: [A, B]', templateOf({ A: thing({ Uses: { Ref: 'B' } }), B: thing({}, { DependsOn: 'A' }) })],
    ['a reference to nothing', 'Unresolved resource dependencies [X]', templateOf({ A: thing({ Uses: { 'Fn::Sub': '${X}' } }) })],
    ['an unknown attribute', 'does not support attribute type Colour', templateOf({ A: thing(), B: thing({ Uses: { 'Fn::GetAtt': ['A', 'Colour'] } }) })],
    ['an unknown condition', 'Unresolved condition dependency X', templateOf({ A: thing({}, { Condition: 'X' }) })],
    ['over 51,200 bytes', 'less than or equal to 51200', templateOf({ A: thing({ Size: 'x'.repeat(51_200) }) })],
    ['YAML aliases', 'aliases are not allowed', 'Resources: {A: &a {Type: "Test::Thing"}, B: *a}'],
  ])('with %s is refused as CloudFormation does', async (_title, message, body) => {
    await expect(create(body)).rejects.toMatchObject({ code: 'ValidationError', message: expect.stringContaining(message) as unknown });
  });

  const parameters: JsonObject = {
    Name: { Type: 'String', Default: 'abc', AllowedPattern: '[a-z]+', MinLength: 2, MaxLength: 4 },
    Kind: { Type: 'String', Default: 'x', AllowedValues: ['x', 'y'], ConstraintDescription: 'type x or y' },
    Count: { Type: 'Number', Default: 1 },
    Client: { Type: 'AWS::EC2::Instance::Id' },
  };
  test.each<[Record<string, string>, string]>([
    [{}, 'Parameters: [Client] must have values'],
    [{ Client: 'i-0abc', Other: '1' }, 'Parameters: [Other] do not exist in the template'],
    [{ Client: 'i-0abc', Name: 'aB' }, "Parameter 'Name' must match pattern [a-z]+"],
    [{ Client: 'i-0abc', Name: 'a' }, "Parameter 'Name' must contain at least 2 characters"],
    [{ Client: 'i-0abc', Name: 'abcde' }, "Parameter 'Name' must contain at most 4 characters"],
    [{ Client: 'i-0abc', Kind: 'z' }, "Parameter 'Kind' failed to satisfy constraint: type x or y"],
    [{ Client: 'i-0abc', Count: 'many' }, "Parameter 'Count' must be a number."],
    [{ Client: 'i-0def' }, 'parameter value i-0def for parameter name Client does not exist'],
  ])('given %j answers: %s', async (given, message) => {
    await expect(create(templateOf({ A: thing() }, { Parameters: parameters }), given)).rejects.toMatchObject({ code: 'ValidationError', message: expect.stringContaining(message) as unknown });
  });

  test('from elsewhere plays: conditions, joins and outputs', async () => {
    const body = `
AWSTemplateFormatVersion: 2010-09-09
Parameters: {Stage: {Type: String, Default: test}}
Conditions:
  Live: !Equals [!Ref Stage, live]
  Quiet: !And [!Not [!Condition Live], !Or [!Condition Live, !Equals [a, a]]]
Resources:
  Big: {Type: Test::Thing, Condition: Live}
  Small: {Type: Test::Thing, Condition: Quiet, Properties: {Size: !If [Live, !GetAtt Big.Size, 3]}}
Outputs:
  Which: {Condition: Quiet, Value: !Join ['/', [!Ref 'AWS::StackName', !GetAtt Small.Size, !Ref Small]]}
  Big: {Condition: Live, Value: !Ref Big}
`;
    expect((await create(body)).outputs).toEqual({ Which: 's/3/ref-of-Small-1' });
  });

  test('from elsewhere plays: a role with a policy, and a custom resource that waits for both', async () => {
    const world = play();
    const trust = { Version: '2012-10-17', Statement: { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' } };
    const document = { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' } };
    const resources = {
      Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: trust, ManagedPolicyArns: [{ Ref: 'Shared' }] } },
      Shared: { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: document } },
      Policy: { Type: 'AWS::IAM::Policy', Properties: { PolicyName: 'p', PolicyDocument: document, Roles: [{ Ref: 'Role' }] } },
      Probe: custom({ RoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] } }, { DependsOn: ['Policy'] }),
    };
    const stack = await create(templateOf(resources), {}, world);
    expect(stack.status).toBe('CREATE_COMPLETE');
    expect(world.requests[0]?.ResourceProperties.RoleArn).toMatch(/^arn:aws:iam::111122223333:role\/s-Role-[A-Z0-9]{12}$/);
    expect(world.aws.iam.grants().map(({ policy }) => policy.replace(/[A-Z0-9]{12}$/, '…'))).toEqual(['s-Shared-…', 'p']);
    expect((await world.over(world.cloudFormation.deleteStack('s')))?.status).toBe('DELETE_COMPLETE');
    expect([world.aws.iam.state.roles, world.aws.iam.state.managedPolicies]).toEqual([{}, {}]);
  });
});
