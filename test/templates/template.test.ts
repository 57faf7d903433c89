import { readFileSync } from 'node:fs';
import { loadTemplate } from '../../simulator/cloudformation/load-template';
import { withReasons } from '../../templates/src/accepted-warnings';
import { FILES, render } from '../../templates/src/emit';
import { FUNCTIONS, IDS, lambdaId, roleId, STATE_MACHINES, stateMachineId } from '../../templates/src/names';
import { printYaml } from '../../templates/src/print';
import { references } from '../../templates/src/references';
import { bytesByKind, sizes } from '../../templates/src/sizes';
import { FORMS, readSources } from '../../templates/src/sources';
import { template } from '../../templates/src/template';

interface Resource {
  Type: string;
  DependsOn?: string[];
  Properties: Record<string, unknown>;
}

interface PlainTemplate {
  Parameters: Record<string, Record<string, unknown>>;
  Resources: Record<string, Resource>;
  Outputs: Record<string, unknown>;
}

const sources = readSources('readable');
const emitted = readFileSync(FILES.readable, 'utf8');
const parsed = loadTemplate(emitted, true) as unknown as PlainTemplate;
const resources = Object.entries(parsed.Resources);
const ofType = (type: string): [string, Resource][] => resources.filter(([, resource]) => resource.Type === type);

/** A name as it comes out for the longest parameters that are allowed, in the longest Region name that AWS has. */
function longestName(value: unknown): string {
  const lengths = { pSystem: Number(parsed.Parameters['pSystem']?.['MaxLength']), pEnvPurpose: Number(parsed.Parameters['pEnvPurpose']?.['MaxLength']) };
  return (value as { 'Fn::Sub': string })['Fn::Sub']
    .replace('${pSystem}', 's'.repeat(lengths.pSystem))
    .replace('${pEnvPurpose}', 'e'.repeat(lengths.pEnvPurpose))
    .replace('${AWS::Region}', 'us-isof-south-1');
}

describe('the emitted file', () => {
  it.each(FORMS)('is what the sources give: if not, run npm run build (%s)', (form) => {
    expect(readFileSync(FILES[form], 'utf8')).toBe(render(form));
  });

  it.each(FORMS)('has the same bytes from the same sources (%s)', (form) => {
    expect(render(form)).toBe(render(form));
  });

  it('reads back as the object it was printed from', () => {
    // !GetAtt is printed in its dotted form.
    const dotted = (key: string, value: unknown): unknown => (key === 'Fn::GetAtt' && Array.isArray(value) ? value.join('.') : value);
    expect(loadTemplate(emitted, true)).toEqual(JSON.parse(JSON.stringify(withReasons(template(sources)), dotted)));
  });

  it('means the same in the compact form, but for the texts that it carries inline and the reasons for warnings', () => {
    const compact = loadTemplate(readFileSync(FILES.compact, 'utf8'), true) as unknown as PlainTemplate;
    expect(Object.keys(compact.Resources)).toEqual(Object.keys(parsed.Resources));
    expect(compact.Parameters).toEqual(parsed.Parameters);
    const left = ['ZipFile', 'DefinitionString', 'runCommand', 'Metadata'];
    const withoutTexts = (plain: PlainTemplate): unknown =>
      JSON.parse(JSON.stringify(plain.Resources, (key, value: unknown) => (left.includes(key) ? undefined : value)));
    expect(withoutTexts(compact)).toEqual(withoutTexts(parsed));
  });

  it('is plain ASCII without tabs, so that every long text stays a readable block', () => {
    expect(/[^\n -~]/.exec(emitted)).toBeNull();
    const blocks = [...emitted.matchAll(/^ +(?:- )?(?:ZipFile: |DefinitionString: )?(\|\S*)$/gm)];
    expect(blocks).toHaveLength(FUNCTIONS.length + STATE_MACHINES.length + 1);
  });

  it('names no partition', () => {
    expect(emitted).not.toMatch(/arn:aws[^$]/);
  });

  it('is under the megabyte that the console takes', () => {
    expect(Buffer.byteLength(emitted)).toBeLessThan(1_000_000);
  });
});

describe('the parameters', () => {
  it.each([
    ['pSystem', 'String', 'cloudhsm'],
    ['pEnvPurpose', 'String', '1'],
    ['pKeyStoreName', 'String', 'cloudhsm-key-store'],
    ['pDeleteKeyStoreUponStackDeletion', 'String', 'false'],
    ['pKmsUserPasswordRotation', 'String', ''],
    ['pCloudHsmClusterId', 'String', undefined],
    ['pCloudHsmAdminPasswordSecretName', 'String', undefined],
    ['pCloudHsmCustCaCertSecretName', 'String', undefined],
    ['pClientInstanceId', 'AWS::EC2::Instance::Id', undefined],
  ])('have %s of type %s with default %s', (name, type, byDefault) => {
    const { Type, Default, Description, ConstraintDescription } = parsed.Parameters[name] ?? {};
    expect({ Type, Default }).toEqual({ Type: type, Default: byDefault });
    expect([Description, ConstraintDescription].filter((text) => typeof text !== 'string' || text.length < 10)).toEqual([]);
  });

  it('are the eight of the contract and an optional one, each with a label and in one group', () => {
    const names = Object.keys(parsed.Parameters);
    const shown = (parsed as unknown as { Metadata: { 'AWS::CloudFormation::Interface': { ParameterGroups: { Parameters: string[] }[]; ParameterLabels: object } } }).Metadata;
    const { ParameterGroups, ParameterLabels } = shown['AWS::CloudFormation::Interface'];
    expect(names).toHaveLength(9);
    expect(ParameterGroups.flatMap(({ Parameters }) => Parameters).sort()).toEqual([...names].sort());
    expect(Object.keys(ParameterLabels)).toEqual(names);
  });

  it.each([
    ['pSystem', ['a', 'cloudhsm', 'a-b-9'], ['9a', '-a', 'a b', 'a_b']],
    ['pEnvPurpose', ['1', 'prod', 'a-1'], ['a b', 'a_b']],
    ['pKeyStoreName', ['x', 'my key store'], [' x', 'x ']],
    ['pCloudHsmClusterId', ['cluster-abcdefghijk', 'cluster-ABC234abc567defg'], ['cluster-abc', 'cluster-abcdefghij1', 'abcdefghijk']],
    ['pCloudHsmAdminPasswordSecretName', ['hsm/admin', 'a+b=c.d@e-f_g'], ['a b', "a'b", 'a;b', 'arn:aws:x']],
  ])('take for %s %j and not %j', (name, good, bad) => {
    // CloudFormation matches the whole value.
    const pattern = new RegExp(`^(?:${String(parsed.Parameters[name]?.['AllowedPattern'])})$`);
    expect(good.filter((value) => !pattern.test(value))).toEqual([]);
    expect(bad.filter((value) => pattern.test(value))).toEqual([]);
  });
});

describe('names', () => {
  it('tell by their first letter what a logical id is', () => {
    expect(Object.keys(parsed.Parameters).filter((id) => !/^p[A-Z]/.test(id))).toEqual([]);
    expect(Object.keys(parsed.Resources).filter((id) => !/^r[A-Z]/.test(id))).toEqual([]);
    expect(Object.keys(parsed.Outputs).filter((id) => !/^o[A-Z]/.test(id))).toEqual([]);
  });

  it.each([
    ['AWS::IAM::Role', 'RoleName', 64],
    ['AWS::Lambda::Function', 'FunctionName', 64],
    ['AWS::StepFunctions::StateMachine', 'StateMachineName', 80],
  ])('of %s stay within AWS limits for the longest allowed parameters', (type, property, limit) => {
    const named = ofType(type).filter(([, { Properties }]) => Properties[property] !== undefined);
    expect(named.length).toBeGreaterThan(3);
    const tooLong = named.map(([, { Properties }]) => longestName(Properties[property])).filter((name) => name.length > limit);
    expect(tooLong).toEqual([]);
  });

  it('of roles carry the Region, because they are global', () => {
    const names = ofType('AWS::IAM::Role').map(([, { Properties }]) => (Properties['RoleName'] as { 'Fn::Sub': string })['Fn::Sub']);
    expect(names.filter((name) => !name.includes('${AWS::Region}'))).toEqual([]);
    expect(new Set(names).size).toBe(names.length);
  });

  it.each([
    ['AWS::IAM::Role', 'RoleName'],
    ['AWS::IAM::ManagedPolicy', 'ManagedPolicyName'],
    ['AWS::Lambda::Function', 'FunctionName'],
    ['AWS::StepFunctions::StateMachine', 'StateMachineName'],
    ['AWS::Logs::LogGroup', 'LogGroupName'],
  ])('of %s, where a resource has one, tell two stacks apart', (type, property) => {
    const names = ofType(type).flatMap(([, { Properties }]) => (Properties[property] === undefined ? [] : [JSON.stringify(Properties[property])]));
    expect(names.filter((name) => !name.includes('${pSystem}-${pEnvPurpose}'))).toEqual([]);
    expect(names.length).toBeGreaterThan(0);
  });

  it.each([
    [lambdaId('custom-resource'), 'FunctionName'],
    [IDS.ledger, 'Name'],
    [IDS.seal, 'Name'],
    [IDS.document, 'Name'],
  ])('are not given to %s, whose ARN must never change with a parameter', (id, property) => {
    expect(parsed.Resources[id]?.Properties[property]).toBeUndefined();
  });
});

describe('the resources', () => {
  it('are all made before the key store and deleted after it', () => {
    const reached = new Set<string>();
    const visit = (id: string): void => {
      if (reached.has(id)) return;
      reached.add(id);
      for (const other of [...references(parsed.Resources[id]), ...(parsed.Resources[id]?.DependsOn ?? [])]) if (other in parsed.Resources) visit(other);
    };
    visit(IDS.keyStore);
    expect(Object.keys(parsed.Resources).filter((id) => !reached.has(id))).toEqual([]);
  });

  it('give every function and every state machine a role of its own', () => {
    const owners = [...FUNCTIONS.map(lambdaId), ...STATE_MACHINES.map(stateMachineId)];
    for (const id of owners) {
      const { Role, RoleArn } = parsed.Resources[id]?.Properties ?? {};
      expect(references(Role ?? RoleArn)).toEqual([roleId(id)]);
    }
    expect(ofType('AWS::IAM::Role')).toHaveLength(owners.length);
  });

  it('bind every placeholder of every state machine, and no other', () => {
    for (const [id, { Properties }] of ofType('AWS::StepFunctions::StateMachine')) {
      const used = [...new Set([...String(Properties['DefinitionString']).matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name))];
      expect([id, Object.keys(Properties['DefinitionSubstitutions'] as object).sort()]).toEqual([id, used.sort()]);
    }
  });

  it('leave the ledger without a value, which an update of the stack would put back', () => {
    expect(Object.keys(parsed.Resources[IDS.ledger]?.Properties ?? {})).toEqual(['Description']);
  });

  it('log to declared groups with a retention, and never what is in the executions', () => {
    for (const [, { Properties }] of ofType('AWS::Logs::LogGroup')) expect(Properties['RetentionInDays']).toBeGreaterThan(0);
    for (const [, { Properties }] of ofType('AWS::StepFunctions::StateMachine')) expect(Properties['LoggingConfiguration']).toMatchObject({ IncludeExecutionData: false });
    for (const [, { Properties }] of ofType('AWS::Lambda::Function')) expect(Properties['LoggingConfig']).toEqual({ LogGroup: { Ref: IDS.lambdaLogs } });
  });

  it('let no function make a log group: a late one would block the next stack', () => {
    expect(emitted).not.toContain('logs:CreateLogGroup');
  });

  it('grant nothing by a wildcard action', () => {
    const actions = [...emitted.matchAll(/^ +(?:- |Action: )([a-z-]+:\S+)$/gm)].map(([, action = '']) => action);
    expect(actions.length).toBeGreaterThan(30);
    expect(actions.filter((action) => action.includes('*'))).toEqual([]);
  });

  it('let nobody be a deputy of another account: only its own machines assume a role, and only its own rule calls the function', () => {
    const ours = { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } };
    const machines = STATE_MACHINES.map(stateMachineId).map((id) => parsed.Resources[roleId(id)]?.Properties['AssumeRolePolicyDocument']);
    for (const trust of machines) expect(trust).toMatchObject({ Statement: [{ Principal: { Service: 'states.amazonaws.com' }, Condition: ours }] });
    const permissions = ofType('AWS::Lambda::Permission').map(([, { Properties }]) => Properties['SourceArn']);
    expect(permissions).toEqual([{ 'Fn::GetAtt': `${IDS.unanswered}.Arn` }]);
    expect(emitted.match(/^ +Action: iam:CreateServiceLinkedRole\n +Resource: .*\n +Condition:\n +StringEquals:\n +iam:AWSServiceName: cks\.kms\.amazonaws\.com$/gm)).toHaveLength(1);
    // ForAllValues and ForAnyValue are true, or false, of a key that is not there.
    expect(emitted).not.toMatch(/^ +For(All|Any)\w*:/m);
  });

  it('grant no secret whose name only begins like the one that is meant', () => {
    const arns = emitted.match(/arn:\S+:secret:\S+/g) ?? [];
    expect(arns.length).toBeGreaterThan(3);
    expect(arns.filter((arn) => !arn.endsWith('-??????'))).toEqual([]);
  });

  it('pattern every parameter of the document that reaches a shell', () => {
    const { parameters, mainSteps } = parsed.Resources[IDS.document]?.Properties['Content'] as {
      parameters: Record<string, { allowedPattern?: string; allowedValues?: string[] }>;
      mainSteps: { inputs: { runCommand: string[] } }[];
    };
    const used = [...(mainSteps[0]?.inputs.runCommand.join('\n') ?? '').matchAll(/'\{\{ (\w+) \}\}'/g)].map(([, name]) => name);
    expect(used.sort()).toEqual(Object.keys(parameters).sort());
    for (const { allowedPattern, allowedValues = [] } of Object.values(parameters)) {
      // Nothing that ends a quoted text may pass, whichever engine matches.
      const passes = (text: string): boolean => (allowedPattern === undefined ? allowedValues.includes(text) : new RegExp(allowedPattern).test(text));
      expect(["'", "a'; id #", '$(id)', 'none\n', 'a b'].filter(passes)).toEqual([]);
      expect(allowedPattern === undefined || /^\^.*\$$/.test(allowedPattern)).toBe(true);
    }
  });
});

describe('the generator', () => {
  it('refuses a placeholder that it does not know, with the file that has it', () => {
    const definitions = { ...sources.definitions, 'update-key-store': '{"A":"${Nobody}"}' };
    expect(() => template({ ...sources, definitions })).toThrow('statemachines/update-key-store.asl.json: nothing is known by the placeholder ${Nobody}');
  });

  it('counts every byte once, by kind of content', () => {
    const bytes = bytesByKind(emitted);
    expect(Object.values(bytes).reduce((sum, one) => sum + one, 0)).toBe(Buffer.byteLength(emitted));
    expect(Object.values(bytes).every((one) => one > 1000)).toBe(true);
    const table = sizes({ readable: emitted, compact: emitted }, { readable: 'x'.repeat(1234), compact: 'x' });
    expect(table).toContain(bytes.code.toLocaleString('en-US'));
    expect(table).toMatch(/^code once +1,234 +1 +-$/m);
  });

  it('prints short forms, and no alias, which CloudFormation does not take', () => {
    const shared = { Ref: 'AWS::Region' };
    expect(printYaml({ a: shared, b: shared, c: { 'Fn::GetAtt': ['rX', 'Arn'] }, d: { 'Fn::Sub': '${rX}' } }, { compact: false })).toBe('a: !Ref AWS::Region\nb: !Ref AWS::Region\nc: !GetAtt rX.Arn\nd: !Sub ${rX}\n');
  });

  it('leaves the AWS SDK to the Lambda runtime, and bundles all else', () => {
    for (const code of Object.values(sources.code)) {
      const required = [...code.matchAll(/require\("([^"]+)"\)/g)].map(([, name]) => name);
      expect(required.filter((name) => !/^(@aws-sdk\/client-[a-z0-9-]+|node:[a-z/]+)$/.test(name ?? ''))).toEqual([]);
    }
  });
});
