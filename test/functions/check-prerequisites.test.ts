import { generateKeyPairSync } from 'node:crypto';
import * as messages from '../../functions/shared/src/messages';
import { putAnswer, type Answer } from '../../functions/shared/src/answer';
import type { ClientCommand } from '../../functions/shared/src/request';
import { say } from '../../functions/shared/src/say';
import { exampleCertificates } from '../../simulator/cloudhsm/example-certificates';
import { cluster, FINGERPRINT, GOOD, inspected, instance, RULE, securityGroup, subnets, userSecrets } from './good-world';
import { command, DOCUMENT, failureOf, hosts, invocation, PROPERTIES, request } from './requests';
import { CUT, refuse, wireFor, type Json, type Script, type WireCall, type WireError } from './wire';

const INSTANCE = PROPERTIES.ClientInstanceId;
const CLUSTER = PROPERTIES.CloudHsmClusterId;
const SECRETS = { ADMIN_SECRET: 'admin-secret', CA_CERT_SECRET: 'ca-secret' };
const wire = wireFor({ INSTANCE, DOCUMENT, ...SECRETS });

const KEY_STORES = 'kms:DescribeCustomKeyStores';
const CLUSTERS = 'cloudhsm:DescribeClusters';
const SUBNETS = 'ec2:DescribeSubnets';
const GROUPS = 'ec2:DescribeSecurityGroups';
const QUOTAS = 'servicequotas:ListServiceQuotas';
const CLIENT = 'ssm:DescribeInstanceInformation';
const COMMAND = 'ssm:GetCommandInvocation';
const SECRET = 'secretsmanager:GetSecretValue';

/** How often CheckPrerequisites is tried before its last attempt: its Retry's MaxAttempts. */
const LAST = 4;

async function check(script: Script = {}, sent: Partial<ClientCommand> = {}, Attempt = 0): Promise<{ Met: boolean }> {
  const { handler } = await import('../../functions/check-prerequisites/src/index');
  wire.script({ ...userSecrets().answers, ...GOOD, ...script });
  return handler({ Request: request('Create'), SealedResponseUrl: '', SettleSeconds: 0, PhysicalResourceId: '', Command: command(sent), Attempt });
}

/** The findings of a check that fails, in their order. */
async function findings(script: Script, sent: Partial<ClientCommand> = {}, attempt = 0): Promise<string[]> {
  const { name, message } = await failureOf(check(script, sent, attempt));
  expect(name).toBe('Refused');
  expect(message).toMatch(/^Nothing was changed\. \(1\) .*\.$/);
  expect(message).not.toMatch(/\{\w+\}|undefined/);
  return message.split(/ ?\(\d+\) /).slice(1).map((finding) => finding.slice(0, -1));
}

const names = () => wire.calls.map(({ name }) => name);
const keyStore = (id: string, more: Json = {}): Json => ({ CustomKeyStoreId: id, CustomKeyStoreName: `name-of-${id}`, ConnectionState: 'CONNECTED', ...more });
const keyStores = (count: number): Json => ({ CustomKeyStores: Array.from({ length: count }, (_, index) => keyStore(`cks-${String(index)}`)) });
const quota = (Value: number, QuotaName = 'Custom key stores per account'): Json => ({ Quotas: [{ QuotaName: 'Aliases per KMS key', Value: 50 }, { QuotaName, Value }] });
/** The cluster with HSMs in these states, one zone each. */
const withHsms = (...states: string[]): Json =>
  cluster([], { Hsms: states.map((State, index) => ({ HsmId: `hsm-${String(index)}`, AvailabilityZone: `zone-${String(index)}`, EniIp: `10.0.${String(index)}.10`, State })) });

it('is content when nothing is wrong', async () => {
  expect(await check()).toEqual({ Met: true });
});

it('asks about the very cluster, subnets, group, secrets, instance and command', async () => {
  await check({}, { CommandId: 'command-7' });
  expect(wire.inputs(KEY_STORES)).toEqual([{}]);
  expect(wire.inputs(CLUSTERS)).toEqual([{ Filters: { clusterIds: [CLUSTER] } }]);
  expect(wire.inputs(SUBNETS)).toEqual([{ Filters: [{ Name: 'subnet-id', Values: ['subnet-1', 'subnet-2'] }] }]);
  expect(wire.inputs(GROUPS)).toEqual([{ Filters: [{ Name: 'group-id', Values: ['sg-1'] }] }]);
  expect(wire.inputs(SECRET)).toEqual([{ SecretId: 'admin-secret' }, { SecretId: 'ca-secret' }]);
  expect(wire.inputs(CLIENT)).toEqual([{ Filters: [{ Key: 'InstanceIds', Values: [INSTANCE] }] }]);
  expect(wire.inputs(COMMAND)).toEqual([{ CommandId: 'command-7', InstanceId: INSTANCE }]);
});

describe('each finding stands alone:', () => {
  const degraded = { hsms: 'hsm-2 is DEGRADED' };
  const state = { cluster: CLUSTER };
  const otherKeyStore = (clusterId: string): Json => ({ CustomKeyStores: [keyStore('cks-9', { CloudHsmClusterId: clusterId })] });
  const relative = { ...(cluster(['a', 'b'])['Clusters'] as Json[])[0], ClusterId: 'cluster-relative111' };

  it.each<[string, Script, string]>([
    [
      'the name is taken',
      { [KEY_STORES]: { CustomKeyStores: [keyStore('cks-8'), keyStore('cks-9', { CustomKeyStoreName: 'my-store', ConnectionState: 'FAILED' })] } },
      say(messages.NAME_TAKEN, { name: 'my-store', id: 'cks-9', state: 'FAILED' }),
    ],
    ['the quota is reached', { [KEY_STORES]: keyStores(10), [QUOTAS]: [quota(10)] }, say(messages.QUOTA_REACHED, { count: 10, quota: 10 })],
    ['a raised quota is reached', { [KEY_STORES]: keyStores(12), [QUOTAS]: [quota(12)] }, say(messages.QUOTA_REACHED, { count: 12, quota: 12 })],
    [
      'the quota on a later page is reached',
      { [KEY_STORES]: keyStores(10), [QUOTAS]: [{ Quotas: [{ QuotaName: 'Grants', Value: 5 }], NextToken: 'more' }, quota(10, 'Custom key store count')] },
      say(messages.QUOTA_REACHED, { count: 10, quota: 10 }),
    ],
    ['the cluster does not exist', { [CLUSTERS]: { Clusters: [] } }, say(messages.CLUSTER_MISSING, state)],
    ['another cluster is listed', { [CLUSTERS]: cluster(['a', 'b'], { ClusterId: 'cluster-other111111' }) }, say(messages.CLUSTER_MISSING, state)],
    ['the cluster is deleted, and still listed', { [CLUSTERS]: cluster([], { State: 'DELETED' }) }, say(messages.CLUSTER_MISSING, state)],
    ['the cluster is being deleted', { [CLUSTERS]: cluster([], { State: 'DELETE_IN_PROGRESS' }) }, say(messages.CLUSTER_MISSING, state)],
    ['the cluster is not initialized', { [CLUSTERS]: cluster(['a', 'b'], { State: 'UNINITIALIZED' }) }, say(messages.CLUSTER_NOT_INITIALIZED, state)],
    ['the cluster is not activated', { [CLUSTERS]: cluster(['a', 'b'], { State: 'INITIALIZED' }) }, say(messages.CLUSTER_NOT_ACTIVATED, state)],
    ['the cluster is being changed', { [CLUSTERS]: cluster(['a', 'b'], { State: 'UPDATE_IN_PROGRESS' }) }, say(messages.CLUSTER_NOT_ACTIVE, { ...state, state: 'UPDATE_IN_PROGRESS' })],
    ['the cluster is degraded', { [CLUSTERS]: cluster(['a', 'b'], { State: 'DEGRADED' }) }, say(messages.CLUSTER_NOT_ACTIVE, { ...state, state: 'DEGRADED' })],
    ['the cluster is taken', { [KEY_STORES]: otherKeyStore(CLUSTER) }, say(messages.CLUSTER_TAKEN, { ...state, id: 'cks-9', state: 'CONNECTED' })],
    [
      'a relative of the cluster is taken',
      { [KEY_STORES]: otherKeyStore('cluster-relative111'), [CLUSTERS]: { Clusters: [...(cluster(['a', 'b'])['Clusters'] as Json[]), relative] } },
      say(messages.CLUSTER_RELATED, { relative: 'cluster-relative111', id: 'cks-9', state: 'CONNECTED' }),
    ],
    ['there is one HSM', { [CLUSTERS]: cluster(['a']), [COMMAND]: inspected({ hosts: hosts(1), hsms: '1' }) }, say(messages.TOO_FEW_HSMS, { active: 1, zones: 1 })],
    ['both HSMs are in one zone', { [CLUSTERS]: cluster(['a', 'a']) }, say(messages.TOO_FEW_HSMS, { active: 2, zones: 1 })],
    ['an HSM is being added', { [CLUSTERS]: withHsms('ACTIVE', 'ACTIVE', 'CREATE_IN_PROGRESS') }, say(messages.HSM_CHANGING, { hsms: 'hsm-2 is CREATE_IN_PROGRESS' })],
    ['an HSM is being deleted', { [CLUSTERS]: withHsms('ACTIVE', 'ACTIVE', 'DELETE_IN_PROGRESS') }, say(messages.HSM_CHANGING, { hsms: 'hsm-2 is DELETE_IN_PROGRESS' })],
    ['an HSM is degraded', { [CLUSTERS]: withHsms('ACTIVE', 'ACTIVE', 'DEGRADED') }, say(messages.HSM_DEGRADED, degraded)],
    [
      'the subnets are in one zone',
      { [CLUSTERS]: cluster(['a', 'b'], { SubnetMapping: { a: 'subnet-1' } }), [SUBNETS]: subnets(251) },
      say(messages.TOO_FEW_ZONES, { zones: 1 }),
    ],
    ['a subnet is gone', { [SUBNETS]: subnets(251) }, say(messages.SUBNET_MISSING, { subnet: 'subnet-2' })],
    ['a subnet is full', { [SUBNETS]: subnets(251, 0) }, say(messages.SUBNET_FULL, { subnet: 'subnet-2' })],
    ['the security group is gone', { [GROUPS]: { SecurityGroups: [] } }, say(messages.SECURITY_GROUP_MISSING, { group: 'sg-1' })],
    ['nothing comes in', { [GROUPS]: securityGroup([]) }, say(messages.SECURITY_GROUP_CLOSED, { group: 'sg-1', direction: 'inbound' })],
    ['nothing goes out', { [GROUPS]: securityGroup([RULE], []) }, say(messages.SECURITY_GROUP_CLOSED, { group: 'sg-1', direction: 'outbound' })],
    ['the client is offline', { [CLIENT]: instance('ConnectionLost') }, say(messages.CLIENT_OFFLINE, { instance: INSTANCE, state: 'ConnectionLost' })],
    ['the client is unknown', { [CLIENT]: { InstanceInformationList: [] } }, say(messages.CLIENT_UNKNOWN, { instance: INSTANCE })],
    ['the client is unknown by an error', { [CLIENT]: refuse('InvalidInstanceId') }, say(messages.CLIENT_UNKNOWN, { instance: INSTANCE })],
    ['the client is not Linux', { [CLIENT]: instance('Online', 'Windows') }, say(messages.CLIENT_NOT_LINUX, { instance: INSTANCE, platform: 'Windows' })],
  ])('%s', async (_what, script, text) => {
    expect(await findings(script)).toEqual([text]);
  });

  it('finds a key store of that name on a later page', async () => {
    const pages = [{ CustomKeyStores: [keyStore('cks-8')], NextMarker: 'more', Truncated: true }, { CustomKeyStores: [keyStore('cks-9', { CustomKeyStoreName: 'my-store' })] }];
    expect(await findings({ [KEY_STORES]: pages })).toEqual([say(messages.NAME_TAKEN, { name: 'my-store', id: 'cks-9', state: 'CONNECTED' })]);
    expect(wire.inputs(KEY_STORES)).toEqual([{}, { Marker: 'more' }]);
  });
});

describe('is no finding:', () => {
  const open = (more: Json): Json => ({ ...RULE, ...more });

  it.each<[string, Script]>([
    ['nine key stores, for which no quota is asked', { [KEY_STORES]: keyStores(9) }],
    ['ten key stores of twelve', { [KEY_STORES]: keyStores(10), [QUOTAS]: [quota(12)] }],
    ['ten key stores and a quota that Service Quotas does not tell', { [KEY_STORES]: keyStores(10), [QUOTAS]: [{ Quotas: [{ QuotaName: 'Custom keys', Value: 1 }] }] }],
    ['a key store of a cluster with another certificate', { [KEY_STORES]: { CustomKeyStores: [keyStore('cks-9', { CloudHsmClusterId: 'cluster-other111111' })] } }],
    ['a key store without a cluster', { [KEY_STORES]: { CustomKeyStores: [keyStore('cks-9', { CustomKeyStoreType: 'EXTERNAL_KEY_STORE' })] } }],
    ['a rule for everything', { [GROUPS]: securityGroup([{ IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: 'sg-1' }] }]) }],
    ['a rule by the number of TCP', { [GROUPS]: securityGroup([open({ IpProtocol: '6' })]) }],
    ['a wider rule', { [GROUPS]: securityGroup([open({ FromPort: 0, ToPort: 65535 })]) }],
    ['a rule for every address', { [GROUPS]: securityGroup([RULE], [open({ UserIdGroupPairs: [], IpRanges: [{ CidrIp: '0.0.0.0/0' }] })]) }],
    ['three rules of a port each', { [GROUPS]: securityGroup([2223, 2224, 2225].map((port) => open({ FromPort: port, ToPort: port }))) }],
    ['one free address', { [SUBNETS]: subnets(1, 1) }],
  ])('%s', async (_what, script) => {
    expect(await check(script)).toEqual({ Met: true });
  });

  it.each<[string, Json]>([
    ['for another group', open({ UserIdGroupPairs: [{ GroupId: 'sg-2' }] })],
    ['for some addresses', open({ UserIdGroupPairs: [], IpRanges: [{ CidrIp: '10.0.0.0/16' }] })],
    ['for UDP', open({ IpProtocol: 'udp' })],
    ['that begins a port too late', open({ FromPort: 2224 })],
    ['that ends a port too early', open({ ToPort: 2224 })],
  ])('but a rule %s is one', async (_what, rule) => {
    expect(await findings({ [GROUPS]: securityGroup([rule]) })).toEqual([say(messages.SECURITY_GROUP_CLOSED, { group: 'sg-1', direction: 'inbound' })]);
  });
});

describe("the user's secrets", () => {
  const holding = (value: string | WireError, secret: string): Script => ({
    [SECRET]: ({ input }: WireCall) => {
      if (input['SecretId'] !== secret) return { SecretString: secret === 'ca-secret' ? 'pa55word' : exampleCertificates.trustAnchor, VersionId: 'v1' };
      return typeof value === 'string' ? { SecretString: value, VersionId: 'v1' } : value;
    },
  });

  describe.each(['admin-secret', 'ca-secret'])('%s', (secret) => {
    it.each<[string, WireError, string]>([
      ['is missing', refuse('ResourceNotFoundException'), say(messages.SECRET_MISSING, { secret })],
      ['is being deleted', refuse('InvalidRequestException'), say(messages.SECRET_DELETED, { secret })],
    ])('%s', async (_what, error, text) => {
      expect(await findings(holding(error, secret))).toEqual([text]);
    });

    it('is binary', async () => {
      const binary = userSecrets().putValue(secret, { SecretBinary: 'cGE1NXdvcmQ=' });
      expect(await findings(binary.answers)).toEqual([say(messages.SECRET_BINARY, { secret })]);
    });

    it('may not be read, or does not exist: that IAM does not tell apart', async () => {
      const denied = holding(refuse('AccessDeniedException', 'not authorized to perform: secretsmanager:GetSecretValue'), secret);
      expect((await failureOf(check(denied))).name).toBe('TransientError');
      const error = 'AccessDeniedException: not authorized to perform: secretsmanager:GetSecretValue';
      expect(await findings(denied, {}, LAST)).toEqual([say(messages.SECRET_DENIED, { secret, error })]);
    });
  });

  it('the admin password cannot be used', async () => {
    expect(await findings(userSecrets('pass:word').answers)).toEqual([say(messages.ADMIN_PASSWORD_UNUSABLE, { secret: 'admin-secret' })]);
  });

  const { trustAnchor, otherTrustAnchor, clusterCertificate } = exampleCertificates;
  const unreadable = say(messages.CERTIFICATE_UNREADABLE, { secret: 'ca-secret' });

  it.each([
    ['no certificate', 'PEM of the customer CA'],
    ['empty', ''],
    ['a certificate cut short', trustAnchor.slice(0, 300)],
    ['a certificate with a broken body', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'],
    ['two certificates', `${trustAnchor}${otherTrustAnchor}`],
    ['longer than KMS takes', `${'#'.repeat(5000)}\n${trustAnchor}`],
    ['a private key', generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()],
  ])('the certificate is %s', async (_what, text) => {
    expect(await findings(userSecrets('pa55word', text).answers)).toEqual([unreadable]);
  });

  it.each([
    ['with Windows line ends', trustAnchor.replaceAll('\n', '\r\n')],
    ['without a last line end', trustAnchor.trimEnd()],
    ['after a comment', `Customer CA\n${trustAnchor}`],
    ['of 5,000 characters', `${'#'.repeat(4999 - trustAnchor.length)}\n${trustAnchor}`],
  ])('the certificate may stand %s', async (_what, text) => {
    expect(await check(userSecrets('pa55word', text).answers)).toEqual({ Met: true });
  });

  it.each([
    ['another CA of the same name', otherTrustAnchor],
    ['the cluster itself', clusterCertificate],
  ])('the certificate is of %s', async (_what, text) => {
    const other = say(messages.CERTIFICATE_OTHER, { secret: 'ca-secret', cluster: CLUSTER });
    const differs = say(messages.CLI_OTHER_CERTIFICATE, { instance: INSTANCE, secret: 'ca-secret' });
    expect(await findings(userSecrets('pa55word', text).answers)).toEqual([other, differs]);
  });

  it('the certificate is not held against a cluster that has none yet', async () => {
    const young = { [CLUSTERS]: cluster(['a', 'b'], { State: 'UNINITIALIZED', Certificates: {} }) };
    expect(await findings(young)).toEqual([say(messages.CLUSTER_NOT_INITIALIZED, { cluster: CLUSTER })]);
  });

  it('and two clusters that have none yet are no relatives', async () => {
    const [young] = cluster([], { State: 'UNINITIALIZED', Certificates: {} })['Clusters'] as Json[];
    const script = {
      [KEY_STORES]: { CustomKeyStores: [keyStore('cks-9', { CloudHsmClusterId: 'cluster-young111111' })] },
      [CLUSTERS]: { Clusters: [{ ...young, Hsms: (withHsms('ACTIVE', 'ACTIVE')['Clusters'] as Json[])[0]?.['Hsms'] }, { ...young, ClusterId: 'cluster-young111111' }] },
    };
    expect(await findings(script)).toEqual([say(messages.CLUSTER_NOT_INITIALIZED, { cluster: CLUSTER })]);
  });

  it('nothing of a secret stands in a finding', async () => {
    const { message } = await failureOf(check(userSecrets('{"password":"top:secret"', 'top secret too').answers));
    expect(message).not.toMatch(/top/);
  });
});

describe('what the client found:', () => {
  const said = (more: Record<string, string>): Script => ({ [COMMAND]: inspected(more) });
  const other = (configured: string) => say(messages.CLI_OTHER_CLUSTER, { instance: INSTANCE, configured, cluster: CLUSTER, known: '10.0.0.10, 10.0.1.10' });
  const admin = (entry: string): Script => said({ admins: `other/false/full/no ${entry}` });

  it.each<[string, Script, string]>([
    ['kmsuser is there', said({ kmsuser: 'present' }), messages.KMSUSER_THERE],
    ['it is not said whether kmsuser is there', said({ kmsuser: '' }), messages.KMSUSER_THERE],
    ['an HSM does not answer', said({ hsms: '1' }), say(messages.HSM_SILENT, { instance: INSTANCE, answering: 1, active: 2 })],
    ["the CLI has another cluster's HSM", said({ hosts: '10.9.0.10' }), other('10.9.0.10')],
    ["the CLI has another cluster's HSM too", said({ hosts: `${hosts(2)} 10.9.0.10` }), other('10.0.0.10, 10.0.1.10, 10.9.0.10')],
    ['the CLI has no address', said({ hosts: '' }), say(messages.CLI_NOT_CONFIGURED, { instance: INSTANCE, cluster: CLUSTER, known: '10.0.0.10, 10.0.1.10' })],
    ['the CLI has the placeholder that it came with', said({ hosts: 'HSMIPADDRESS' }), say(messages.CLI_NOT_CONFIGURED, { instance: INSTANCE, cluster: CLUSTER, known: '10.0.0.10, 10.0.1.10' })],
    ["another cluster's kmsuser, admins and HSMs say nothing", said({ hosts: '10.9.0.10', kmsuser: 'present', admins: '', hsms: '0', quorum: '2' }), other('10.9.0.10')],
    ['the CLI has another certificate', said({ certificate: 'AA:BB' }), say(messages.CLI_OTHER_CERTIFICATE, { instance: INSTANCE, secret: 'ca-secret' })],
    ['the CLI has no certificate', said({ certificate: '' }), say(messages.CLI_OTHER_CERTIFICATE, { instance: INSTANCE, secret: 'ca-secret' })],
    [
      'the CLI is too old for the HSMs',
      { ...said({ version: '5.8.0' }), [CLUSTERS]: cluster(['a', 'b'], { HsmType: 'hsm2m.medium' }) },
      say(messages.CLI_OLD, { instance: INSTANCE, version: '5.8.0', need: 'hsm2m.medium', least: '5.9.0' }),
    ],
    ['the cluster needs quorum approval', said({ quorum: '2' }), say(messages.QUORUM_NEEDED, { quorum: 2 })],
    ['the admin is missing', said({ admins: 'other/false/full/no' }), say(messages.ADMIN_MISSING, { secret: 'admin-secret' })],
    ['there is no admin at all', said({ admins: '' }), say(messages.ADMIN_MISSING, { secret: 'admin-secret' })],
    ['the admin is locked', admin('admin/true/full/no'), say(messages.ADMIN_LOCKED, { locked: 'true' })],
    ['the admin is locked on some HSMs', admin('admin/inconsistent/full/no'), say(messages.ADMIN_LOCKED, { locked: 'inconsistent' })],
    ['the admin is not on every HSM', admin('admin/false/inconsistent/no'), say(messages.ADMIN_INCOMPLETE, { coverage: 'inconsistent' })],
    ['the admin needs MFA', admin('admin/false/full/yes'), messages.ADMIN_MFA],
    ['a program is missing', { [COMMAND]: invocation({ outcome: 'lacks', detail: 'cloudhsm-cli, openssl' }) }, say(messages.CLIENT_LACKS, { instance: INSTANCE, programs: 'cloudhsm-cli, openssl' })],
    [
      'the CLI does not reach the cluster',
      said({ outcome: 'cli-failed', detail: '(exit 1) no route' }),
      say(messages.CLI_FAILED, { instance: INSTANCE, detail: '(exit 1) no route' }),
    ],
    [
      'the cluster is none of those that the CLI knows',
      { [COMMAND]: invocation({ outcome: 'cluster-unlisted', cluster: CLUSTER }) },
      say(messages.CLI_CLUSTER_UNLISTED, { instance: INSTANCE, cluster: CLUSTER }),
    ],
    ['the client is busy', { [COMMAND]: invocation({ outcome: 'busy' }) }, say(messages.CLIENT_BUSY, { instance: INSTANCE })],
    ['a link is in the way', { [COMMAND]: invocation({ outcome: 'unsafe-directory' }) }, say(messages.CLIENT_UNSAFE, { instance: INSTANCE })],
    ['the script stopped', { [COMMAND]: invocation({ outcome: 'script-failed' }) }, say(messages.CLIENT_SCRIPT_FAILED, { instance: INSTANCE })],
    ['the command could not be read', { [COMMAND]: invocation({ outcome: 'bad-parameters' }) }, say(messages.CLIENT_UNREADABLE, { instance: INSTANCE, outcome: 'bad-parameters' })],
    ['the answer is unknown', { [COMMAND]: invocation({ outcome: 'strange' }) }, say(messages.CLIENT_ANSWER_UNKNOWN, { instance: INSTANCE, outcome: 'strange' })],
    [
      'the command gave no answer',
      { [COMMAND]: { DocumentName: DOCUMENT, StatusDetails: 'Undeliverable', StandardOutputContent: '' } },
      say(messages.COMMAND_NOT_TAKEN, { instance: INSTANCE, status: 'Undeliverable' }),
    ],
    [
      'the command is of another document',
      { [COMMAND]: { ...inspected(), DocumentName: 'AWS-RunShellScript' } },
      say(messages.COULD_NOT_LOOK, { what: 'the client instance', error: "Error: Command command-1 ran document AWS-RunShellScript, which is not this stack's" }),
    ],
  ])('%s', async (_what, script, text) => {
    expect(await findings(script)).toEqual([text]);
  });

  it.each<[string, Script]>([
    ['one address of the cluster', said({ hosts: '10.0.1.10' })],
    ['an IPv6 address of the cluster', { ...said({ hosts: 'fd00::1' }), [CLUSTERS]: withIpV6('fd00::1') }],
    ['a version that the CLI did not tell', { ...said({ version: '' }), [CLUSTERS]: cluster(['a', 'b'], { HsmType: 'hsm2m.medium' }) }],
    ['the least version for the HSMs', { ...said({ version: '5.9.0' }), [CLUSTERS]: cluster(['a', 'b'], { HsmType: 'hsm2m.medium' }) }],
    ['a version with more digits', { ...said({ version: '5.10.1' }), [CLUSTERS]: cluster(['a', 'b'], { HsmType: 'hsm2m.medium' }) }],
    ['an old version for old HSMs', said({ version: '5.2.1' })],
    ['a quorum that the CLI did not tell', said({ quorum: '' })],
    ['another admin who is locked and has MFA', said({ admins: 'other/true/inconsistent/yes admin/false/full/no' })],
    ['an admin whom the secret writes in capitals', { ...said({ admins: 'boss_2/false/full/no' }), ...userSecrets('{"username":"Boss_2","password":"pa55word"}').answers }],
    ['more HSMs than are ACTIVE', said({ hsms: '3' })],
  ])('is fine with %s', async (_what, script) => {
    expect(await check(script)).toEqual({ Met: true });
  });

  it('why a CLI may have failed is told before that it did', async () => {
    const script = { ...said({ outcome: 'cli-failed', hosts: '10.9.0.10', certificate: 'AA:BB', version: '5.8.0' }), [CLUSTERS]: cluster(['a', 'b'], { HsmType: 'hsm2m.medium' }) };
    expect(await findings(script)).toEqual([
      other('10.9.0.10'),
      say(messages.CLI_OTHER_CERTIFICATE, { instance: INSTANCE, secret: 'ca-secret' }),
      say(messages.CLI_OLD, { instance: INSTANCE, version: '5.8.0', need: 'hsm2m.medium', least: '5.9.0' }),
      say(messages.CLI_FAILED, { instance: INSTANCE, detail: 'nothing' }),
    ]);
  });

  it('of an admin without a readable secret says nothing about that admin', async () => {
    const script = { ...said({ admins: '' }), ...userSecrets('pass:word').answers };
    expect(await findings(script)).toEqual([say(messages.ADMIN_PASSWORD_UNUSABLE, { secret: 'admin-secret' })]);
  });

  it('of a certificate that could not be read is not held against it', async () => {
    const script = { ...said({ certificate: 'AA:BB' }), ...userSecrets('pa55word', 'none').answers };
    expect(await findings(script)).toEqual([say(messages.CERTIFICATE_UNREADABLE, { secret: 'ca-secret' })]);
  });
});

function withIpV6(EniIpV6: string): Json {
  const Hsms = ['a', 'b'].map((zone, index) => ({ HsmId: `hsm-${String(index)}`, AvailabilityZone: zone, State: 'ACTIVE', ...(index === 0 ? { EniIpV6 } : { EniIp: '10.0.1.10' }) }));
  return cluster([], { Hsms });
}

describe('of an update', () => {
  const RELATED = 'cluster-related11';
  const UNRELATED = 'cluster-unrelated';
  const own = (more: Json = {}) => keyStore('cks-1', { CustomKeyStoreName: 'my-store', CloudHsmClusterId: CLUSTER, ...more });
  const withStores = (...stores: Json[]): Script => ({ [KEY_STORES]: { CustomKeyStores: stores }, [COMMAND]: inspected({ kmsuser: 'present' }) });
  const [ofOurs] = cluster(['a', 'b'])['Clusters'] as Json[];
  /** The cluster that is asked for, and others: of the same backups, or with another certificate. */
  const withClusters = (...others: Json[]): Script => ({ [CLUSTERS]: { Clusters: [ofOurs, ...others] } });
  const related = { ...ofOurs, ClusterId: RELATED };
  const unrelated = { ...ofOurs, ClusterId: UNRELATED, Certificates: { ClusterCertificate: exampleCertificates.clusterCertificates[1] } };

  async function checkUpdate(script: Script, attempt = 0, old = CLUSTER): Promise<{ Met: boolean }> {
    const { handler } = await import('../../functions/check-prerequisites/src/index');
    wire.script({ ...userSecrets().answers, ...GOOD, ...script });
    const Request = request('Update', { PhysicalResourceId: 'cks-1', OldResourceProperties: { ...PROPERTIES, CloudHsmClusterId: old } });
    const KeyStore = { KeyStoreId: 'cks-1' };
    return handler({ Request, SealedResponseUrl: '', SettleSeconds: 0, PhysicalResourceId: 'cks-1', Command: command({ Step: 'prepare' }), Attempt: attempt, KeyStore });
  }

  /** What it says in one answer, with the findings in its slot. */
  const saying = (text: string, state: string, ...found: string[]) => say(text, { state, findings: found.map((finding, index) => `(${String(index + 1)}) ${finding}.`).join(' ') });

  async function refusal(script: Script): Promise<string> {
    const { name, message } = await failureOf(checkUpdate(script));
    expect(name).toBe('Refused');
    return message;
  }

  it.each<[string, Script]>([
    ['its own store, which has the name and the cluster, and its kmsuser', withStores(own())],
    ['its own store, which is FAILED', withStores(own({ ConnectionState: 'FAILED' }))],
    ['its own store, and a kmsuser that is missing', { ...withStores(own()), [COMMAND]: inspected({ kmsuser: 'absent' }) }],
    ['its own store on a cluster of the same backups', { ...withStores(own({ CloudHsmClusterId: RELATED })), ...withClusters(related) }],
    ['its own store on a cluster that is gone: only KMS can tell then', withStores(own({ CloudHsmClusterId: UNRELATED }))],
    ['its own store among others', withStores(keyStore('cks-8'), own(), keyStore('cks-9', { CloudHsmClusterId: 'cluster-other111111' }))],
    ['ten key stores beside its own: no quota is asked for a store that is there', withStores(own(), ...Array.from({ length: 10 }, (_, index) => keyStore(`cks-1${String(index)}`)))],
    ['a store that is gone, and its kmsuser', withStores(keyStore('cks-8'))],
    ['a store that is gone, and nine others', withStores(...Array.from({ length: 9 }, (_, index) => keyStore(`cks-1${String(index)}`)))],
  ])('finds nothing wrong with %s', async (_what, script) => {
    expect(await checkUpdate(script)).toEqual({ Met: true });
  });

  it.each<[string, Script, string]>([
    [
      'another store has the name',
      withStores(own({ CustomKeyStoreName: 'old-name' }), keyStore('cks-9', { CustomKeyStoreName: 'my-store' })),
      say(messages.NAME_TAKEN, { name: 'my-store', id: 'cks-9', state: 'CONNECTED' }),
    ],
    [
      'another store has the cluster',
      { ...withStores(own({ CloudHsmClusterId: RELATED }), keyStore('cks-9', { CloudHsmClusterId: CLUSTER })), ...withClusters(related) },
      say(messages.CLUSTER_TAKEN, { cluster: CLUSTER, id: 'cks-9', state: 'CONNECTED' }),
    ],
    [
      'the cluster is unrelated to that of its store',
      { ...withStores(own({ CloudHsmClusterId: UNRELATED })), ...withClusters(unrelated) },
      say(messages.CLUSTER_UNRELATED, { cluster: CLUSTER, old: UNRELATED, id: 'cks-1' }),
    ],
    ['the cluster does not exist', { ...withStores(own()), [CLUSTERS]: { Clusters: [] } }, say(messages.CLUSTER_MISSING, { cluster: CLUSTER })],
    ['the admin is missing', { ...withStores(own()), [COMMAND]: inspected({ kmsuser: 'present', admins: '' }) }, say(messages.ADMIN_MISSING, { secret: 'admin-secret' })],
    [
      'its store is gone, and the quota is reached by others',
      { ...withStores(...Array.from({ length: 10 }, (_, index) => keyStore(`cks-1${String(index)}`))), [QUOTAS]: [quota(10)] },
      say(messages.QUOTA_REACHED, { count: 10, quota: 10 }),
    ],
    [
      'its store is gone, and another has the cluster',
      withStores(keyStore('cks-9', { CloudHsmClusterId: CLUSTER })),
      say(messages.CLUSTER_TAKEN, { cluster: CLUSTER, id: 'cks-9', state: 'CONNECTED' }),
    ],
  ])('finds that %s', async (_what, script, text) => {
    expect(await refusal(script)).toBe(saying(messages.NOTHING_CHANGED, '', text));
  });

  describe('whose store is gone', () => {
    const gone = withStores(keyStore('cks-8'));

    it.each<[string, Script, string]>([
      ['a cluster of the same backups as the old one', { ...gone, ...withClusters(related) }, RELATED],
      ['a cluster of other backups, without a kmsuser', { ...gone, ...withClusters(unrelated), [COMMAND]: inspected({ kmsuser: 'absent' }) }, UNRELATED],
      ['a cluster in place of one that is gone, without a kmsuser', { ...gone, [COMMAND]: inspected({ kmsuser: 'absent' }) }, RELATED],
    ])('finds nothing wrong with %s', async (_what, script, old) => {
      expect(await checkUpdate(script, 0, old)).toEqual({ Met: true });
    });

    it.each<[string, Script, string]>([
      ['of other backups', { ...gone, ...withClusters(unrelated) }, UNRELATED],
      ['in place of one that is gone', gone, RELATED],
    ])('takes no kmsuser over on a cluster %s', async (_what, script, old) => {
      const { message } = await failureOf(checkUpdate(script, 0, old));
      expect(message).toBe(saying(messages.NOTHING_CHANGED, '', messages.KMSUSER_THERE));
    });
  });

  describe.each([
    ['the cluster of the key store', RELATED, withStores(own({ CloudHsmClusterId: RELATED }))],
    ['the clusters of the key stores', 'cluster-other111111', withStores(own(), keyStore('cks-9', { CloudHsmClusterId: 'cluster-other111111' }))],
  ])('%s,', (what, id, stores) => {
    const refusing = (error: WireError): Script => ({
      ...stores,
      [CLUSTERS]: ({ input }: WireCall) => (JSON.stringify(input).includes(id) ? error : cluster(['a', 'b'])),
    });

    it('if it cannot be read for a moment, is asked for again, and told after the last attempt', async () => {
      const throttled = refusing(refuse('ThrottlingException', 'Rate exceeded'));
      expect((await failureOf(checkUpdate(throttled))).name).toBe('TransientError');
      const { message } = await failureOf(checkUpdate(throttled, LAST));
      expect(message).toBe(saying(messages.NOTHING_CHANGED, '', say(messages.COULD_NOT_LOOK, { what, error: 'ThrottlingException: Rate exceeded' })));
    });

    it('if CloudHSM takes no such id, is left to KMS', async () => {
      expect(await checkUpdate(refusing(refuse('CloudHsmInvalidRequestException')))).toEqual({ Met: true });
    });
  });

  it.each(['FAILED', 'DISCONNECTED'])('says that a store which is %s stays so', async (ConnectionState) => {
    const script = { ...withStores(own({ ConnectionState })), [CLUSTERS]: cluster(['a']), [COMMAND]: inspected({ hosts: hosts(1), hsms: '1', kmsuser: 'present' }) };
    expect(await refusal(script)).toBe(saying(messages.KEY_STORE_STAYS, ConnectionState, say(messages.TOO_FEW_HSMS, { active: 1, zones: 1 })));
  });

  it('says so, too, when the client is offline', async () => {
    const script = { ...withStores(own({ ConnectionState: 'FAILED' })), [CLIENT]: instance('ConnectionLost') };
    expect(await refusal(script)).toBe(saying(messages.KEY_STORE_STAYS, 'FAILED', say(messages.CLIENT_OFFLINE, { instance: INSTANCE, state: 'ConnectionLost' })));
  });
});

describe('the worst world', () => {
  const hsm = (index: number, State: string) => ({ HsmId: `hsm-${'abcdefghij'.charAt(index)}234567abcd`, AvailabilityZone: 'eu-central-1a', EniIp: `10.0.${String(index)}.10`, State });
  const taken = [keyStore('cks-1234567890abcdef0', { CustomKeyStoreName: 'my-store', CloudHsmClusterId: CLUSTER, ConnectionState: 'DISCONNECTING' }), ...(keyStores(9)['CustomKeyStores'] as Json[])];
  const WORST: Script = {
    ...userSecrets('{"username":"boss","password":"pa55word"}', exampleCertificates.otherTrustAnchor).answers,
    [KEY_STORES]: { CustomKeyStores: taken },
    [QUOTAS]: quota(10),
    [CLUSTERS]: cluster([], {
      State: 'INITIALIZED',
      HsmType: 'hsm2m.medium',
      Hsms: [hsm(0, 'ACTIVE'), hsm(1, 'CREATE_IN_PROGRESS'), hsm(2, 'DEGRADED')],
      SubnetMapping: { 'eu-central-1a': 'subnet-2' },
    }),
    [SUBNETS]: subnets(0),
    [GROUPS]: securityGroup([], []),
  };
  const client = { certificate: FINGERPRINT, version: '5.8.0', hosts: '10.0.0.10', hsms: '0' };

  it.each<[string, Json, RegExp[]]>([
    [
      'with a CLI that works',
      inspected({ ...client, quorum: '2', kmsuser: 'present', admins: 'boss/inconsistent/inconsistent/yes' }),
      [/CLI has another/, /CLI is too old/, /HSM does not answer/, /kmsuser is there/, /quorum/, /admin is locked/, /admin is not on every/, /MFA/],
    ],
    [
      'with a CLI that fails',
      inspected({ ...client, outcome: 'cli-failed', hosts: '10.9.0.10', detail: `(exit 1) ${'x'.repeat(191)}` }),
      [/other HSMs/, /CLI has another/, /CLI is too old/, /CLI cannot ask/],
    ],
    ['without programs', invocation({ outcome: 'lacks', detail: 'cloudhsm-cli, openssl, flock' }), [/lacks programs/]],
  ])('%s gives every finding, numbered, in one answer that CloudFormation takes whole', async (_what, answered, ofClient) => {
    const found = [
      ...[/name is taken/, /quota is reached/, /not activated/, /too few HSMs/, /HSM is changing/, /HSM is degraded/, /too few subnets/, /cluster is taken/],
      ...[/subnet is gone/, /inbound/, /outbound/, /CA certificate is another/, ...ofClient],
    ];
    expect(await findings({ ...WORST, [COMMAND]: answered })).toEqual(found.map((text) => expect.stringMatching(text) as string));
    const { message } = await failureOf(check({ ...WORST, [COMMAND]: answered }));
    const answer = await answered4096(message);
    expect(answer.Reason).toBe(message);
  });
});

/** The answer as CloudFormation gets it: with a stack of the longest name, and an id of 128 characters. */
async function answered4096(Reason: string): Promise<Answer> {
  wire.script({ 'PUT /answer': [{}] });
  const { RequestId, LogicalResourceId } = request('Create');
  const StackId = `arn:aws:cloudformation:ap-southeast-1:111122223333:stack/${'s'.repeat(128)}/0a1b2c3d-0000-4000-8000-00000000000a`;
  await putAnswer(wire.answerUrl, { Status: 'FAILED', Reason, PhysicalResourceId: 'key-store-not-created', StackId, RequestId, LogicalResourceId });
  const body = wire.calls[0]?.body ?? '';
  expect(Buffer.byteLength(body)).toBeLessThanOrEqual(4096);
  return JSON.parse(body) as Answer;
}

describe('while the client is being inspected', () => {
  it('looks at nothing but the client', async () => {
    expect(await check({}, { Wait: { Count: 0 } })).toEqual({ Met: false });
    expect(names()).toEqual([CLIENT]);
  });

  it('waits for it, too, when Systems Manager does not tell of the client', async () => {
    expect(await check({ [CLIENT]: refuse('InternalServerError', 'broken', 500) }, { Wait: { Count: 0 } }, LAST)).toEqual({ Met: false });
  });

  it('does not wait for a client that is offline', async () => {
    const found = await findings({ [CLIENT]: instance('ConnectionLost'), [CLUSTERS]: { Clusters: [] } }, { Wait: { Count: 0 } });
    expect(found).toEqual([say(messages.CLUSTER_MISSING, { cluster: CLUSTER }), say(messages.CLIENT_OFFLINE, { instance: INSTANCE, state: 'ConnectionLost' })]);
    expect(names()).not.toContain(COMMAND);
  });
});

describe('when the client could not be sent a command', () => {
  const NOT_SENT = { Step: 'done', CommandId: '', Wait: { Count: 0 } } as const;

  it('reports the client with all other findings', async () => {
    const script = { [CLIENT]: { InstanceInformationList: [] }, [CLUSTERS]: { Clusters: [] } };
    expect(await findings(script, NOT_SENT)).toEqual([say(messages.CLUSTER_MISSING, { cluster: CLUSTER }), say(messages.CLIENT_UNKNOWN, { instance: INSTANCE })]);
    expect(names()).not.toContain(COMMAND);
  });

  it('does not let the create go on because the client is back meanwhile', async () => {
    expect(await findings({}, NOT_SENT)).toEqual([say(messages.CLIENT_UNKNOWN, { instance: INSTANCE })]);
  });

  it('tells of two things that are wrong with the client', async () => {
    expect(await findings({ [CLIENT]: instance('Inactive', 'MacOS') }, NOT_SENT)).toEqual([
      say(messages.CLIENT_OFFLINE, { instance: INSTANCE, state: 'Inactive' }),
      say(messages.CLIENT_NOT_LINUX, { instance: INSTANCE, platform: 'MacOS' }),
    ]);
  });
});

describe('what could not be looked at is told apart from what is wrong:', () => {
  const ofSecret = (secret: string, error: WireError): Script => ({
    [SECRET]: ({ input }: WireCall) => (input['SecretId'] === secret ? error : { SecretString: secret === 'ca-secret' ? 'pa55word' : exampleCertificates.trustAnchor }),
  });
  const look = (operation: string) => (error: WireError): Script => ({ [operation]: error });

  const LOOKS: [string, string, (error: WireError) => Script][] = [
    ['the key stores', 'AccessDeniedException', look(KEY_STORES)],
    ['the quota of key stores', 'AccessDeniedException', (error) => ({ [KEY_STORES]: keyStores(10), [QUOTAS]: error })],
    [`cluster ${CLUSTER}`, 'CloudHsmAccessDeniedException', look(CLUSTERS)],
    ['secret admin-secret', '', (error) => ofSecret('admin-secret', error)],
    ['secret ca-secret', '', (error) => ofSecret('ca-secret', error)],
    ['the subnets of the cluster', 'UnauthorizedOperation', look(SUBNETS)],
    ['the security group of the cluster', 'UnauthorizedOperation', look(GROUPS)],
    ['the client instance', 'AccessDeniedException', look(CLIENT)],
    ['the client instance', 'AccessDeniedException', look(COMMAND)],
  ];
  const ERRORS: [string, WireError][] = [
    ['throttled', refuse('ThrottlingException', 'Rate exceeded')],
    ['a server error', refuse('InternalFailure', 'broken', 500)],
    ['no connection', CUT],
  ];
  const CASES = LOOKS.flatMap(([what, denied, scriptFor]) => [
    // A secret that may not be read has a text of its own.
    ...(denied === '' ? [] : [[what, 'denied', scriptFor(refuse(denied, 'not authorized', 403))] as const]),
    ...ERRORS.map(([how, error]) => [what, how, scriptFor(error)] as const),
  ]);

  it.each(CASES)('%s (%s), after the last attempt only', async (what, _how, script) => {
    for (const attempt of [0, LAST - 1]) expect((await failureOf(check(script, {}, attempt))).name).toBe('TransientError');
    const found = await findings(script, {}, LAST);
    expect(found).toHaveLength(1);
    const [before = ''] = say(messages.COULD_NOT_LOOK, { what, error: '|' }).split('|');
    expect(found[0]?.startsWith(before)).toBe(true);
    expect(found[0]?.slice(before.length)).toMatch(/^[A-Z]\w+: .+\)$/);
  });

  it('an error that does not go away is told at once', async () => {
    const script = { [COMMAND]: refuse('InvalidCommandId', 'no such command') };
    expect(await findings(script)).toEqual([say(messages.COULD_NOT_LOOK, { what: 'the client instance', error: 'InvalidCommandId: no such command' })]);
  });

  it('a cluster that could not be looked at is not said to be missing, and what else is wrong is told', async () => {
    const script = { [CLUSTERS]: refuse('CloudHsmServiceException', 'broken', 500), [COMMAND]: inspected({ kmsuser: 'present' }) };
    expect(await findings(script, {}, LAST)).toEqual([
      say(messages.COULD_NOT_LOOK, { what: `cluster ${CLUSTER}`, error: 'CloudHsmServiceException: broken' }),
      messages.KMSUSER_THERE,
    ]);
  });
});
