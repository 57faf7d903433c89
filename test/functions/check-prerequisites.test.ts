import type { ClientCommand } from '../../functions/shared/src/request';
import { clusterWith, command, DOCUMENT, failureOf, hosts, invocation, PROPERTIES, request } from './requests';
import { refuse, wireFor, type Json, type Script } from './wire';

const INSTANCE = PROPERTIES.ClientInstanceId;
const wire = wireFor({ INSTANCE, DOCUMENT });

const instance = (PingStatus: string): Json => ({ InstanceInformationList: [{ InstanceId: INSTANCE, PingStatus }] });
const inspected = (more: Record<string, string> = {}) => invocation({ outcome: 'inspected', logins: '0', hosts: hosts(2), kmsuser: 'absent', ...more });

/** What AWS answers when nothing is wrong. */
const GOOD: Script = {
  'kms:DescribeCustomKeyStores': refuse('CustomKeyStoreNotFoundException'),
  'cloudhsm:DescribeClusters': clusterWith(['eu-central-1a', 'eu-central-1b']),
  'ssm:DescribeInstanceInformation': instance('Online'),
  'ssm:GetCommandInvocation': inspected(),
};

async function check(script: Script = {}, sent: Partial<ClientCommand> = {}): Promise<{ Met: boolean }> {
  const { handler } = await import('../../functions/check-prerequisites/src/index');
  wire.script({ ...GOOD, ...script });
  const input = { Request: request('Create'), SealedResponseUrl: '', SettleSeconds: 0, PhysicalResourceId: '', Command: command(sent) };
  return handler(input);
}

/** The findings of a check that fails, in their order. */
async function findings(script: Script, sent: Partial<ClientCommand> = {}): Promise<string[]> {
  const { name, message } = await failureOf(check(script, sent));
  expect(name).toBe('PrerequisitesNotMet');
  expect(message).toMatch(/^Nothing was changed\. \(1\) /);
  return message.split(/ ?\(\d\) /).slice(1);
}

it('is content with a free name, a cluster of two HSMs in two zones, and a client that found no kmsuser', async () => {
  expect(await check()).toEqual({ Met: true });
});

it('asks about the very cluster, name, instance and command', async () => {
  await check({}, { CommandId: 'command-7' });
  expect(wire.inputs('kms:DescribeCustomKeyStores')).toEqual([{ CustomKeyStoreName: 'my-store' }]);
  expect(wire.inputs('cloudhsm:DescribeClusters')).toEqual([{ Filters: { clusterIds: [PROPERTIES.CloudHsmClusterId] } }]);
  expect(wire.inputs('ssm:DescribeInstanceInformation')).toEqual([{ Filters: [{ Key: 'InstanceIds', Values: [INSTANCE] }] }]);
  expect(wire.inputs('ssm:GetCommandInvocation')).toEqual([{ CommandId: 'command-7', InstanceId: INSTANCE }]);
});

describe('each finding alone says what is wrong and what to do', () => {
  const cluster = PROPERTIES.CloudHsmClusterId;
  const oneHsm = clusterWith(['a', 'b']);
  const named: Json = { CustomKeyStores: [{ CustomKeyStoreId: 'cks-9', CustomKeyStoreName: 'my-store', ConnectionState: 'DISCONNECTED' }] };

  it.each<[string, Script, RegExp[]]>([
    ['the name is taken', { 'kms:DescribeCustomKeyStores': named }, [/key store cks-9, which is DISCONNECTED/, /choose another pKeyStoreName/, /delete-custom-key-store/]],
    ['the cluster does not exist', { 'cloudhsm:DescribeClusters': { Clusters: [] } }, [/cluster-abcdefghijk does not exist/, /check pCloudHsmClusterId/]],
    ['another cluster is listed', { 'cloudhsm:DescribeClusters': clusterWith(['a', 'b'], { ClusterId: 'cluster-other' }) }, [/does not exist/]],
    ['the cluster is not activated', { 'cloudhsm:DescribeClusters': clusterWith(['a', 'b'], { State: 'INITIALIZED' }) }, [/INITIALIZED: activate it/, /cluster activate/]],
    ['the cluster is not initialized', { 'cloudhsm:DescribeClusters': clusterWith(['a', 'b'], { State: 'UNINITIALIZED' }) }, [/UNINITIALIZED: initialize it/, /cluster activate/]],
    ['the cluster is deleted, and still listed', { 'cloudhsm:DescribeClusters': clusterWith([], { State: 'DELETED' }) }, [/does not exist/]],
    ['the cluster is being changed', { 'cloudhsm:DescribeClusters': clusterWith(['a', 'b'], { State: 'UPDATE_IN_PROGRESS' }) }, [/UPDATE_IN_PROGRESS: wait/]],
    ['there is one HSM', { 'cloudhsm:DescribeClusters': clusterWith(['a']), 'ssm:GetCommandInvocation': inspected({ hosts: hosts(1) }) }, [/1 active HSMs in 1 Avail/, /create-hsm/]],
    ['both HSMs are in one zone', { 'cloudhsm:DescribeClusters': clusterWith(['a', 'a']) }, [/2 active HSMs in 1 Avail/]],
    ['one of two HSMs is not active', { 'cloudhsm:DescribeClusters': degraded(oneHsm) }, [/1 active HSMs in 1 Avail/, /wait until they are ACTIVE/]],
    ['the client is offline', { 'ssm:DescribeInstanceInformation': instance('ConnectionLost') }, [/i-0123456789abcdef0 is ConnectionLost/, /start it/]],
    ['the client is unknown', { 'ssm:DescribeInstanceInformation': { InstanceInformationList: [] } }, [/not known to Systems Manager/, /AmazonSSMManagedInstanceCore/]],
    ['the client is unknown by an error', { 'ssm:DescribeInstanceInformation': refuse('InvalidInstanceId') }, [/not known to Systems Manager/]],
    ['kmsuser is there', { 'ssm:GetCommandInvocation': inspected({ kmsuser: 'present' }) }, [/kmsuser that this stack did not make/, /user delete --username kmsuser/]],
    ['the client did not say about kmsuser', { 'ssm:GetCommandInvocation': invocation({ outcome: 'inspected', hosts: hosts(2) }) }, [/kmsuser that this stack did not make/]],
    ["the CLI is configured for another cluster's HSM", { 'ssm:GetCommandInvocation': inspected({ hosts: '10.9.0.10' }) }, [/configured for 10\.9\.0\.10.*active HSMs of cluster cluster-abcdefghijk are 10\.0\.0\.10, 10\.0\.1\.10/, /run configure-cli -a/]],
    ["the CLI is configured for another cluster's HSM too", { 'ssm:GetCommandInvocation': inspected({ hosts: `${hosts(2)} 10.9.0.10` }) }, [/and of no other/]],
    ['the CLI is not configured for every HSM', { 'ssm:GetCommandInvocation': inspected({ hosts: hosts(1) }) }, [/is configured for 10\.0\.0\.10, and/]],
    ['the CLI is not configured', { 'ssm:GetCommandInvocation': inspected({ hosts: '' }) }, [/no HSM that could be read/]],
    ['the CLI is configured for another cluster, whose kmsuser says nothing', { 'ssm:GetCommandInvocation': inspected({ hosts: '10.9.0.10', kmsuser: 'present' }) }, [/configure-cli/]],
    ['the CLI is missing', { 'ssm:GetCommandInvocation': invocation({ outcome: 'no-cli' }) }, [/no \/opt\/cloudhsm\/bin\/cloudhsm-cli/, /install the CloudHSM CLI/]],
    ['flock is missing', { 'ssm:GetCommandInvocation': invocation({ outcome: 'no-flock' }) }, [/has no flock: install it/]],
    ['openssl is missing', { 'ssm:GetCommandInvocation': invocation({ outcome: 'no-openssl' }) }, [/has no openssl: install it/]],
    [
      'the CLI does not reach the cluster',
      { 'ssm:GetCommandInvocation': invocation({ outcome: 'cli-failed', detail: '(exit 1) connection refused' }) },
      [/it said: \(exit 1\) connection refused/, /configure-cli/],
    ],
    ['the client is busy', { 'ssm:GetCommandInvocation': invocation({ outcome: 'busy' }) }, [/busy with an earlier command/, /try again/]],
    ['a link is in the way', { 'ssm:GetCommandInvocation': invocation({ outcome: 'unsafe-directory' }) }, [/symbolic link/, /remove it/]],
    ['the script stopped', { 'ssm:GetCommandInvocation': invocation({ outcome: 'script-failed' }) }, [/script of the SSM document/, /list-command-invocations/]],
    ['the answer is unknown', { 'ssm:GetCommandInvocation': invocation({ outcome: 'strange' }) }, [/answered strange/]],
    [
      'the client gave no answer',
      { 'ssm:GetCommandInvocation': { DocumentName: DOCUMENT, StatusDetails: 'DeliveryTimedOut', StandardOutputContent: '' } },
      [/gave no answer/, /"DeliveryTimedOut"/, /SSM Agent is Online/],
    ],
    [
      'the answer is cut off',
      { 'ssm:GetCommandInvocation': { DocumentName: DOCUMENT, StatusDetails: 'Success', StandardOutputContent: '{"outcome":"insp' } },
      [/gave no answer/],
    ],
    ['the command is of a foreign document', { 'ssm:GetCommandInvocation': { ...inspected(), DocumentName: 'AWS-RunShellScript' } }, [/document AWS-RunShellScript, which is not this stack's/]],
  ])('%s', async (_what, script, texts) => {
    const found = await findings(script);
    expect(found).toHaveLength(1);
    for (const text of texts) expect(found[0]).toMatch(text);
  });

  it('names the cluster that lacks HSMs', async () => {
    expect((await findings({ 'cloudhsm:DescribeClusters': clusterWith([]), 'ssm:GetCommandInvocation': invocation({ outcome: 'cli-failed' }) }))[0]).toContain(`Cluster ${cluster} has 0 active HSMs`);
  });
});

/** The same cluster with its last HSM degraded. */
function degraded(cluster: Json): Json {
  const [first] = cluster['Clusters'] as { Hsms: Json[] }[];
  const Hsms = (first?.Hsms ?? []).map((hsm, index) => (index === 0 ? hsm : { ...hsm, State: 'DEGRADED' }));
  return { Clusters: [{ ...first, Hsms }] };
}

it('gives every finding in one answer, numbered', async () => {
  const found = await findings({
    'kms:DescribeCustomKeyStores': { CustomKeyStores: [{ CustomKeyStoreId: 'cks-9', ConnectionState: 'CONNECTED' }] },
    'cloudhsm:DescribeClusters': clusterWith(['a'], { State: 'INITIALIZED' }),
    'ssm:GetCommandInvocation': invocation({ outcome: 'no-cli' }),
  });
  expect(found).toEqual([/The name/, /activate it/, /1 active HSMs/, /cloudhsm-cli/].map((text) => expect.stringMatching(text) as string));
});

describe('while the client is being inspected', () => {
  it('says that the prerequisites are not met yet, and does not ask for the answer', async () => {
    expect(await check({}, { Wait: { Count: 0 } })).toEqual({ Met: false });
    expect(wire.inputs('ssm:GetCommandInvocation')).toEqual([]);
  });

  it('keeps what else it found for the answer that has all findings', async () => {
    expect(await check({ 'cloudhsm:DescribeClusters': { Clusters: [] } }, { Wait: { Count: 0 } })).toEqual({ Met: false });
  });

  it('does not wait for a client that is offline', async () => {
    expect(await findings({ 'ssm:DescribeInstanceInformation': instance('ConnectionLost') }, { Wait: { Count: 0 } })).toHaveLength(1);
  });
});

describe('when the client could not be sent a command', () => {
  it('reports the client with all other findings', async () => {
    const script = { 'ssm:DescribeInstanceInformation': { InstanceInformationList: [] }, 'cloudhsm:DescribeClusters': { Clusters: [] } };
    expect(await findings(script, { Step: 'done', CommandId: '', Wait: { Count: 0 } })).toHaveLength(2);
    expect(wire.inputs('ssm:GetCommandInvocation')).toEqual([]);
  });

  it('does not let the create go on because the client is back meanwhile', async () => {
    const [finding] = await findings({}, { Step: 'done', CommandId: '', Wait: { Count: 0 } });
    expect(finding).toMatch(/could not be sent a command.*try again/);
  });
});

describe('an error of AWS', () => {
  it.each(['kms:DescribeCustomKeyStores', 'cloudhsm:DescribeClusters', 'ssm:DescribeInstanceInformation', 'ssm:GetCommandInvocation'])(
    'that may go away makes the state machine try again (%s)',
    async (operation) => {
      const { name, message } = await failureOf(check({ [operation]: refuse('ThrottlingException', 'Rate exceeded') }));
      expect(name).toBe('TransientError');
      expect(message).toBe('ThrottlingException: Rate exceeded');
    },
  );

  it('that stays is passed on by its own name', async () => {
    expect((await failureOf(check({ 'ssm:GetCommandInvocation': refuse('InvalidCommandId') }))).name).toBe('InvalidCommandId');
  });
});
