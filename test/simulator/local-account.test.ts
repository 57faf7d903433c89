import type { JsonObject } from '../../simulator/aws';
import { workerPool } from '../../simulator/lambda/worker-pool';
import { LocalAccount } from '../../simulator/local-account';

let account: LocalAccount;

beforeEach(async () => {
  account = await LocalAccount.open();
});

afterEach(async () => {
  await account.close();
  workerPool.close();
});

const everything = { PolicyName: 'everything', PolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] } };
const trust = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { Service: ['lambda.amazonaws.com', 'states.amazonaws.com'] }, Action: 'sts:AssumeRole' }] };
const role = { Type: 'AWS::IAM::Role', Properties: { RoleName: 'role', AssumeRolePolicyDocument: trust, Policies: [everything] } };
const roleArn = { 'Fn::GetAtt': ['Role', 'Arn'] };

/** Makes a stack of a role that may do everything and of one resource that has it; then some time for the role to take effect. */
async function make(resource: JsonObject): Promise<void> {
  const templateBody = JSON.stringify({ Resources: { Role: role, Made: resource } });
  const stack = await account.aws.clock.runUntilSettled(account.cloudFormation.createStack({ stackName: 'stack', templateBody }));
  expect(stack.status).toBe('CREATE_COMPLETE');
  await pass(60_000);
}

function makeFunction(code: string): Promise<void> {
  return make({ Type: 'AWS::Lambda::Function', Properties: { FunctionName: 'fn', Runtime: 'nodejs24.x', Handler: 'index.handler', Code: { ZipFile: code }, Role: roleArn, Timeout: 30 } });
}

function makeMachine(state: JsonObject): Promise<void> {
  const DefinitionString = JSON.stringify({ StartAt: 'Only', States: { Only: { ...state, End: true } } });
  return make({ Type: 'AWS::StepFunctions::StateMachine', Properties: { StateMachineName: 'machine', DefinitionString, RoleArn: roleArn } });
}

function call(service: string, operation: string, input: JsonObject): Promise<JsonObject> {
  return account.aws.clock.runUntilSettled(account.aws.call(account.aws.iam.deployer, service, operation, input));
}

function pass(milliseconds: number): Promise<void> {
  return account.aws.clock.runTo(account.aws.clock.now + milliseconds);
}

const startExecution = (): Promise<JsonObject> => call('states', 'StartExecution', { stateMachineArn: account.aws.arn('states', 'stateMachine:machine') });
const externalStore = { Type: 'Task', Resource: 'arn:aws:states:::aws-sdk:kms:createCustomKeyStore', Parameters: { CustomKeyStoreName: 'store', CustomKeyStoreType: 'EXTERNAL_KEY_STORE' } };
const functionThatLists = `
  const { KMSClient, ListKeysCommand } = require('@aws-sdk/client-kms');
  exports.handler = () => new KMSClient({ maxAttempts: 1 }).send(new ListKeysCommand({})).catch(() => 'swallowed');
`;

async function command(script: string): Promise<void> {
  const clusterId = account.cloudHsm.addCluster({ zones: ['eu-central-1a'], adminPassword: 'password' });
  account.ssm.addInstance({ instanceId: 'i-0123456789abcdef0', clusterId });
  const Content = { schemaVersion: '2.2', mainSteps: [{ action: 'aws:runShellScript', name: 'run', inputs: { runCommand: [script] } }] };
  await make({ Type: 'AWS::SSM::Document', Properties: { Name: 'Command', DocumentType: 'Command', Content } });
  await call('ssm', 'SendCommand', { DocumentName: 'Command', InstanceIds: ['i-0123456789abcdef0'] });
  await pass(60_000);
}

/** Where a thing that is not modelled can be met, and what is then remembered. */
const roads: Record<string, [meet: () => Promise<unknown>, refusal: RegExp]> = {
  'a call of a person or pipeline': [() => call('kms', 'ListKeys', {}).catch(() => undefined), /kms:ListKeys/],
  'a call of a function that swallows the error': [
    async () => {
      await makeFunction(functionThatLists);
      expect(await call('lambda', 'Invoke', { FunctionName: 'fn' })).toMatchObject({ Payload: '"swallowed"' });
    },
    /kms:ListKeys .*assumed-role\/role/,
  ],
  'a function that nobody waits for': [
    async () => {
      await makeFunction('exports.handler = async () => { setInterval(() => undefined, 1000); };');
      await call('lambda', 'Invoke', { FunctionName: 'fn', InvocationType: 'Event' });
      await pass(10_000);
    },
    /setInterval in a function \(function fn\)/,
  ],
  'a task of an execution': [
    async () => {
      await makeMachine(externalStore);
      await startExecution();
      await pass(10_000);
    },
    /CustomKeyStoreType EXTERNAL_KEY_STORE/,
  ],
  'a task of an execution that was stopped meanwhile': [
    async () => {
      await makeMachine(externalStore);
      const { executionArn = '' } = await startExecution();
      const stopped = account.states.state.executions[String(executionArn)];
      await call('states', 'StopExecution', { executionArn });
      expect([stopped?.status, account.aws.refusals]).toEqual(['ABORTED', []]);
      await pass(10_000);
    },
    /CustomKeyStoreType EXTERNAL_KEY_STORE/,
  ],
  'a delivery of an event': [
    async () => {
      const arn = account.aws.arn('lambda', 'function:fn');
      await make({ Type: 'AWS::Events::Rule', Properties: { EventPattern: { source: ['aws.states'] }, Targets: [{ Id: 'target', Arn: arn }] } });
      account.aws.register({ name: 'lambda', state: {}, operations: {} });
      account.events.publish({ version: '0', id: 'event', 'detail-type': 'Test', source: 'aws.states', account: '', time: '', region: '', resources: [], detail: {} });
      await pass(10_000);
    },
    /lambda:Invoke .*events\.amazonaws\.com/,
  ],
  'a program that a command runs': [() => command('date -u || true'), /date -u/],
  'the end of a command': [() => command('exit 194'), /194/],
  'a request to an address that nobody serves': [
    async () => {
      // The request travels in real time.
      const release = account.aws.clock.hold();
      await account.aws.clock.runUntilSettled(fetch(`${account.endpoint.url}/nowhere`).finally(release));
    },
    /address \/nowhere/,
  ],
};

test.each(Object.entries(roads))('what is not modelled is remembered when it is met by %s', async (_road, [meet, refusal]) => {
  await meet();
  expect(account.refusals).toEqual([expect.stringMatching(refusal)]);
});

test('nothing is remembered of what AWS itself refuses', async () => {
  await expect(call('kms', 'DeleteCustomKeyStore', { CustomKeyStoreId: 'cks-none' })).rejects.toMatchObject({ code: 'CustomKeyStoreNotFoundException' });
  expect(account.refusals).toEqual([]);
});
