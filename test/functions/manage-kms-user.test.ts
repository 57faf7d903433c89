import { constants, generateKeyPairSync, privateDecrypt } from 'node:crypto';
import type { KmsUserEvent } from '../../functions/manage-kms-user/src/step';
import * as messages from '../../functions/shared/src/messages';
import type { ClientCommand } from '../../functions/shared/src/request';
import { say } from '../../functions/shared/src/say';
import { clusterWith, command, DOCUMENT, failureOf, hosts, invocation, PROPERTIES } from './requests';
import { Secrets } from './secrets';
import { refuse, wireFor, type Json, type Script } from './wire';

const INSTANCE = PROPERTIES.ClientInstanceId;
const CLUSTER = PROPERTIES.CloudHsmClusterId;
const STACK = '0a1b2c3d-0000-4000-8000-00000000000a';
const KEY = '1700000000-0123456789abcdef';
const wire = wireFor({ INSTANCE, DOCUMENT, STACK, LEDGER: 'ledger', ADMIN_SECRET: 'admin-secret' });

const client = generateKeyPairSync('rsa', { modulusLength: 3072 });
const publicKey = client.publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
const inspected = (kmsuser: string, configured = hosts(2)) =>
  invocation({ outcome: 'inspected', logins: '0', key: KEY, publicKey, hosts: configured, hsms: '2', kmsuser });

let secrets: Secrets;

beforeEach(() => {
  secrets = new Secrets().put('admin-secret', 'pa55word');
});

type Do = KmsUserEvent['Do'];

/** Takes one step; `said` is what the command before it answered on the client. */
async function step(Do: Do, said: Json, script: Script = {}, more: Partial<ClientCommand> = {}, Attempt = 0, Execution?: string): Promise<ClientCommand> {
  const { handler } = await import('../../functions/manage-kms-user/src/index');
  wire.script({
    ...secrets.answers,
    'cloudhsm:DescribeClusters': clusterWith(['a', 'b']),
    'ssm:GetCommandInvocation': said,
    'ssm:SendCommand': { Command: { CommandId: 'command-2' } },
    ...script,
  });
  return handler({ Do, Command: command(more), ClusterId: CLUSTER, Attempt, ...(Execution !== undefined && { Execution }) });
}

const sent = () => wire.inputs('ssm:SendCommand');
const parameters = () => sent().at(-1)?.['Parameters'] as Record<string, string[]>;
/** The error of a step that is refused, with this very text. */
async function refused(promise: Promise<unknown>, text: string): Promise<void> {
  const { name, message } = await failureOf(promise);
  expect({ name, message }).toEqual({ name: 'Refused', message: text });
  expect(message).not.toMatch(/\{\w+\}|undefined/);
}
const reads = (secret: string) => wire.inputs('secretsmanager:GetSecretValue').filter((input) => input['SecretId'] === secret);

/** What the client finds in the envelope with the key of its inspection. */
function opened(): string {
  const envelope = Buffer.from(parameters()['Envelope']?.[0] ?? '', 'base64');
  return privateDecrypt({ key: client.privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }, envelope).toString();
}

describe('inspect', () => {
  it("sends the stack's document to the client, for this stack, with the shortest delivery", async () => {
    await step('inspect', {});
    expect(sent()).toEqual([{ InstanceIds: [INSTANCE], DocumentName: DOCUMENT, Parameters: { Action: ['inspect'], Stack: [STACK], Cluster: [CLUSTER] }, TimeoutSeconds: 30 }]);
  });

  it('answers the command to wait for, and keeps the version of the ledger', async () => {
    expect(await step('inspect', {}, {}, { Step: 'done', CommandId: '', Ledger: 'ledger-3' })).toEqual({
      Step: 'inspect',
      CommandId: 'command-2',
      Ledger: 'ledger-3',
      Wait: { Count: 0 },
    });
  });

  it('reads no secret', async () => {
    await step('inspect', {});
    expect(wire.calls.map(({ name }) => name)).toEqual(['ssm:SendCommand']);
  });
});

describe.each(['inspect', 'prepare', 'forget'] as const)('%s, when the command cannot be sent', (Do) => {
  it.each(['InvalidInstanceId', 'UnsupportedPlatformType'])('says that the client takes no command, and what to do (%s)', async (error) => {
    const { name, message } = await failureOf(step(Do, {}, { 'ssm:SendCommand': [refuse(error)] }));
    expect(name).toBe('KmsUserClientNotReachable');
    expect(message).toBe(say(messages.CLIENT_NOT_RUNNING, { instance: INSTANCE }));
  });

  it('is tried again when Systems Manager is busy', async () => {
    expect((await failureOf(step(Do, {}, { 'ssm:SendCommand': [refuse('ThrottlingException')] }))).name).toBe('TransientError');
  });
});

it('forget sends a command that carries nothing but its name, the stack and the cluster', async () => {
  await step('forget', {});
  expect(parameters()).toEqual({ Action: ['forget'], Stack: [STACK], Cluster: [CLUSTER] });
});

describe('create', () => {
  it('writes a new password into the ledger before it sends the command', async () => {
    await step('create', inspected('absent'));
    expect(secrets.json('ledger')['intent']).toMatch(/^[A-Za-z0-9]{32}$/);
    const order = wire.calls.map(({ name }) => name);
    expect(order.indexOf('secretsmanager:PutSecretValue')).toBeLessThan(order.indexOf('ssm:SendCommand'));
  });

  it("seals the admin's login and the password for the key of the inspection, a line each", async () => {
    await step('create', inspected('absent'));
    expect(parameters()).toMatchObject({ Action: ['create'], Stack: [STACK], Cluster: [CLUSTER], Key: [KEY] });
    expect(opened()).toBe(`admin:pa55word\n${String(secrets.json('ledger')['intent'])}\n`);
  });

  it('sends no secret in clear', async () => {
    await step('create', inspected('absent'));
    const text = JSON.stringify(sent());
    expect(text).not.toContain('pa55word');
    expect(text).not.toContain(secrets.json('ledger')['intent']);
  });

  it('answers the command to wait for, and the version of the ledger that it wrote', async () => {
    secrets.put('ledger', '{}');
    expect(await step('create', inspected('absent'))).toEqual({ Step: 'create', CommandId: 'command-2', Ledger: 'ledger-2', Wait: { Count: 0 } });
  });

  it('makes a different password for every stack', async () => {
    await step('create', inspected('absent'));
    const first = secrets.json('ledger')['intent'];
    secrets = new Secrets().put('admin-secret', 'pa55word');
    await step('create', inspected('absent'));
    expect(secrets.json('ledger')['intent']).not.toBe(first);
  });

  it('takes the recorded password when it is run again', async () => {
    secrets.put('ledger', JSON.stringify({ intent: 'R'.repeat(32) }));
    await step('create', inspected('absent'));
    expect(opened()).toBe(`admin:pa55word\n${'R'.repeat(32)}\n`);
    expect(secrets.json('ledger')['intent']).toBe('R'.repeat(32));
  });

  it('reads the version of the ledger that it is told, not the newest', async () => {
    secrets.put('ledger', JSON.stringify({ intent: 'O'.repeat(32) })).put('ledger', JSON.stringify({ intent: 'N'.repeat(32) }));
    await step('create', inspected('absent'), {}, { Ledger: 'ledger-1' });
    expect(reads('ledger')).toEqual([{ SecretId: 'ledger', VersionId: 'ledger-1' }]);
    expect(opened()).toContain('O'.repeat(32));
  });

  it('is tried again while the version of the ledger that it is told is not visible', async () => {
    expect((await failureOf(step('create', inspected('absent'), {}, { Ledger: 'ledger-9' }))).name).toBe('TransientError');
    expect(sent()).toEqual([]);
  });

  it('of a ledger that somebody changed by hand says how to put it back, and quotes nothing of it', async () => {
    secrets.put('ledger', `intent: ${'R'.repeat(32)}`);
    await refused(step('create', inspected('absent')), messages.LEDGER_UNREADABLE);
    expect(sent()).toEqual([]);
  });

  it.each(['present', 'strange'])('leaves a kmsuser that is %s alone: it writes nothing, reads no login, sends nothing', async (kmsuser) => {
    await refused(step('create', inspected(kmsuser)), messages.KMSUSER_THERE);
    expect(wire.calls.map((call) => call.name)).toEqual(['ssm:GetCommandInvocation', 'cloudhsm:DescribeClusters']);
  });
});

describe.each([
  ['create', 'absent'],
  ['reset', 'present'],
  ['delete', 'present'],
] as const)('%s does not trust what it did not ask for:', (Do, kmsuser) => {
  const other = (configured: string) => say(messages.CLI_OTHER_CLUSTER, { instance: INSTANCE, configured, cluster: CLUSTER, known: '10.0.0.10, 10.0.1.10' });

  it.each<[string, Json, string]>([
    ['an inspection that failed', invocation({ outcome: 'cli-failed', detail: 'no route' }), say(messages.CLI_FAILED, { instance: INSTANCE, detail: 'no route' })],
    ['a client whose CLI would log in to another cluster', inspected(kmsuser, '10.9.0.10'), other('10.9.0.10')],
    ['a client whose CLI would log in to another cluster too', inspected(kmsuser, `${hosts(2)} 10.9.0.10`), other('10.0.0.10, 10.0.1.10, 10.9.0.10')],
    ['a client whose CLI says nothing of where it would log in', inspected(kmsuser, ''), say(messages.CLI_NOT_CONFIGURED, { instance: INSTANCE, cluster: CLUSTER, known: '10.0.0.10, 10.0.1.10' })],
    [
      'an inspection without an answer',
      { DocumentName: DOCUMENT, StatusDetails: 'Undeliverable' },
      say(messages.COMMAND_NOT_TAKEN, { instance: INSTANCE, status: 'Undeliverable' }),
    ],
  ])('%s', async (_what, said, text) => {
    await refused(step(Do, said), text);
    expect(reads('admin-secret')).toEqual([]);
    expect(sent()).toEqual([]);
  });

  it('a command of a foreign document, whose key may be anyone’s', async () => {
    const { message } = await failureOf(step(Do, { ...inspected(kmsuser), DocumentName: 'AWS-RunShellScript' }));
    expect(message).toBe("Command command-1 ran document AWS-RunShellScript, which is not this stack's");
    expect(reads('admin-secret')).toEqual([]);
    expect(sent()).toEqual([]);
  });

  it('a cluster that is gone meanwhile', async () => {
    await refused(step(Do, inspected(kmsuser), { 'cloudhsm:DescribeClusters': { Clusters: [] } }), say(messages.CLUSTER_MISSING, { cluster: CLUSTER }));
    expect(sent()).toEqual([]);
  });

  it('but takes a client that is configured with one address of the cluster', async () => {
    await step(Do, inspected(kmsuser, '10.0.1.10'));
    expect(sent()).toHaveLength(1);
  });

  it('asks for the command on the instance of the stack', async () => {
    await step(Do, inspected(kmsuser), {}, { CommandId: 'command-7' });
    expect(wire.inputs('ssm:GetCommandInvocation')).toEqual([{ CommandId: 'command-7', InstanceId: INSTANCE }]);
  });
});

describe("the admin's secret", () => {
  it.each([
    ['the bare password', 'pa55word', 'admin:pa55word'],
    ['JSON with a password', '{"password":"pa55word"}', 'admin:pa55word'],
    ['JSON with a user name too', '{"username":"boss_2","password":"pa55word"}', 'boss_2:pa55word'],
    ['JSON with more keys', '{"engine":"hsm","password":"pa55word","port":1}', 'admin:pa55word'],
    ['JSON behind a line break', '\n { "password": "pa55word" }\n', 'admin:pa55word'],
    ['a password that begins with a brace', '{pa55word', 'admin:{pa55word'],
    ['a password with a quote and a backslash', String.raw`"pa'55\word$(x)`, String.raw`admin:"pa'55\word$(x)`],
    ['a password beyond ASCII', 'pässwörd', 'admin:pässwörd'],
    ['the shortest password', 'p'.repeat(7), `admin:${'p'.repeat(7)}`],
    ['the longest password', 'p'.repeat(32), `admin:${'p'.repeat(32)}`],
  ])('may be %s', async (_what, secret, login) => {
    secrets.put('admin-secret', secret);
    await step('create', inspected('absent'));
    expect(opened().split('\n')[0]).toBe(login);
  });

  it.each([
    ['empty', ''],
    ['JSON without a password', '{"username":"admin"}'],
    ['JSON with an empty password', '{"password":""}'],
    ['JSON with a password that is null', '{"password":null}'],
    ['JSON with a password that is an object', '{"password":{"value":"pa55word"}}'],
    ['a password with a colon', 'pass:word'],
    ['a password with a line break at its end', 'pa55word\n'],
    ['JSON with a colon in the password', '{"password":"pass:word"}'],
    ['JSON with a user name that the HSM cannot have', '{"username":"the boss","password":"pa55word"}'],
    ['longer than an HSM takes', 'p'.repeat(33)],
    ['shorter than an HSM takes', 'p'.repeat(6)],
    ['JSON with a user name that is no text', '{"username":7,"password":"pa55word"}'],
    ['JSON with a user name that is too long', `{"username":"${'u'.repeat(32)}","password":"pa55word"}`],
    ['JSON with a line break in the password', String.raw`{"password":"pa55word\n"}`],
  ])('is not usable when it is %s; nothing is spent, written or sent', async (_what, secret) => {
    secrets.put('admin-secret', secret);
    await refused(step('create', inspected('absent')), say(messages.ADMIN_PASSWORD_UNUSABLE, { secret: 'admin-secret' }));
    expect(secrets.count('ledger')).toBe(0);
    expect(sent()).toEqual([]);
  });

  it.each<[string, (ofSecret: Secrets) => Script, string]>([
    ['binary', (ofSecret) => ofSecret.putValue('admin-secret', { SecretBinary: 'cGE1NXdvcmQ=' }).answers, say(messages.SECRET_BINARY, { secret: 'admin-secret' })],
    ['missing', () => unreadable('ResourceNotFoundException'), say(messages.SECRET_MISSING, { secret: 'admin-secret' })],
    ['being deleted', () => unreadable('InvalidRequestException'), say(messages.SECRET_DELETED, { secret: 'admin-secret' })],
  ])('is not usable when it is %s', async (_what, scriptFor, text) => {
    secrets.put('ledger', '{}');
    await refused(step('create', inspected('absent'), scriptFor(secrets), { Ledger: 'ledger-1' }), text);
    expect(secrets.count('ledger')).toBe(1);
    expect(sent()).toEqual([]);
  });

  it('is asked for again when it may not be read, because a role takes time to take effect', async () => {
    expect((await failureOf(step('create', inspected('absent'), unreadable('AccessDeniedException')))).name).toBe('TransientError');
    expect(sent()).toEqual([]);
  });

  /** Secrets Manager that refuses this secret alone. */
  function unreadable(error: string): Script {
    return { 'secretsmanager:GetSecretValue': ({ input }) => (input['SecretId'] === 'admin-secret' ? refuse(error) : { SecretString: '{}', VersionId: 'ledger-1' }) };
  }
});

describe('a login is spent once per version of the admin secret:', () => {
  it.each([
    ['create', 'absent'],
    ['reset', 'present'],
    ['reset', 'absent'],
    ['delete', 'present'],
  ] as const)('%s notes it in the ledger before it sends the command', async (Do, kmsuser) => {
    await step(Do, inspected(kmsuser));
    expect(secrets.json('ledger')['login']).toEqual({ step: Do, version: 'admin-secret-1' });
    expect(wire.calls.at(-1)?.name).toBe('ssm:SendCommand');
  });

  it.each([
    ['create', 'create', 'absent'],
    ['create', 'delete', 'absent'],
    ['create', 'reset', 'absent'],
    ['reset', 'create', 'present'],
    ['reset', 'reset', 'present'],
    ['reset', 'reset', 'absent'],
    ['reset', 'delete', 'present'],
    ['delete', 'reset', 'present'],
    ['delete', 'delete', 'present'],
  ] as const)('%s does not try a version that a %s has tried without success', async (Do, before, kmsuser) => {
    secrets.put('ledger', JSON.stringify({ intent: 'R'.repeat(32), login: { step: before, version: 'admin-secret-1' } }));
    await refused(step(Do, inspected(kmsuser)), say(messages.LOGIN_SPENT, { secret: 'admin-secret' }));
    expect(sent()).toEqual([]);
    expect(secrets.count('ledger')).toBe(1);
  });

  it.each([
    ['create', 'absent'],
    ['reset', 'present'],
    ['delete', 'present'],
  ] as const)('%s tries a version that was stored since', async (Do, kmsuser) => {
    secrets.put('ledger', JSON.stringify({ login: { step: Do, version: 'admin-secret-1' } })).put('admin-secret', 'correct');
    await step(Do, inspected(kmsuser));
    expect(opened()).toMatch(/^admin:correct\n/);
    expect(secrets.json('ledger')['login']).toEqual({ step: Do, version: 'admin-secret-2' });
  });

  it('delete may use the version that created kmsuser: that kmsuser is there shows that it was accepted', async () => {
    secrets.put('ledger', JSON.stringify({ intent: 'R'.repeat(32), login: { step: 'create', version: 'admin-secret-1' } }));
    await step('delete', inspected('present'));
    expect(sent()).toHaveLength(1);
  });

  describe.each([
    ['create', 'absent'],
    ['delete', 'present'],
  ] as const)('%s, run again', (Do, kmsuser) => {
    it.each(['ThrottlingException', 'InvalidInstanceId', 'AccessDeniedException'])('after Systems Manager has refused the command (%s), has spent none', async (error) => {
      await failureOf(step(Do, inspected(kmsuser), { 'ssm:SendCommand': [refuse(error)] }));
      const { intent } = secrets.json('ledger');
      await step(Do, inspected(kmsuser));
      expect(sent()).toHaveLength(1);
      expect(secrets.json('ledger')['intent']).toBe(intent);
    });

    it('after an error that leaves open whether the command was sent, spends no second one', async () => {
      await failureOf(step(Do, inspected(kmsuser), { 'ssm:SendCommand': [refuse('InternalServerError', 'broken', 500)] }));
      await refused(step(Do, inspected(kmsuser)), say(messages.LOGIN_SPENT, { secret: 'admin-secret' }));
      expect(sent()).toEqual([]);
    });
  });
});

describe('prepare', () => {
  const LEDGER = { intent: 'R'.repeat(32), store: 'cks-1' };

  beforeEach(() => {
    secrets.put('ledger', JSON.stringify(LEDGER));
  });

  it('sends the command that looks, and answers that it is one before an outage', async () => {
    expect(await step('prepare', {}, {}, { Step: 'done', CommandId: '', Ledger: 'ledger-1' })).toEqual({ Step: 'prepare', CommandId: 'command-2', Ledger: 'ledger-1', Wait: { Count: 0 } });
    expect(sent()).toEqual([{ InstanceIds: [INSTANCE], DocumentName: DOCUMENT, Parameters: { Action: ['inspect'], Stack: [STACK], Cluster: [CLUSTER] }, TimeoutSeconds: 30 }]);
    expect(secrets.count('ledger')).toBe(1);
  });

  it.each(['create', 'reset', 'delete'])('of a login that a %s has spent is refused, before any command', async (before) => {
    secrets.put('ledger', JSON.stringify({ ...LEDGER, login: { step: before, version: 'admin-secret-1' } }));
    await refused(step('prepare', {}, {}, { Ledger: 'ledger-2' }), say(messages.LOGIN_SPENT, { secret: 'admin-secret' }));
    expect(sent()).toEqual([]);
  });

  it('of a password that was stored since goes on', async () => {
    secrets.put('ledger', JSON.stringify({ ...LEDGER, login: { step: 'reset', version: 'admin-secret-1' } })).put('admin-secret', 'correct');
    await step('prepare', {}, {}, { Ledger: 'ledger-2' });
    expect(sent()).toHaveLength(1);
  });

  it('of a secret that cannot be used is refused, before any command', async () => {
    secrets.put('admin-secret', 'pass:word');
    await refused(step('prepare', {}), say(messages.ADMIN_PASSWORD_UNUSABLE, { secret: 'admin-secret' }));
    expect(sent()).toEqual([]);
  });

  it('of a secret that does not exist is refused, before any command', async () => {
    secrets = new Secrets().put('ledger', JSON.stringify(LEDGER));
    await refused(step('prepare', {}), say(messages.SECRET_MISSING, { secret: 'admin-secret' }));
    expect(sent()).toEqual([]);
  });
});

describe('reset', () => {
  const LEDGER = { intent: 'O'.repeat(32), made: true, store: 'cks-1', created: PROPERTIES, changing: { before: 'CONNECTED' } };
  const reset = (kmsuser = 'present', script: Script = {}, Ledger = 'ledger-1') => step('reset', inspected(kmsuser), script, { Ledger });
  const intent = () => String(secrets.json('ledger')['intent']);

  beforeEach(() => {
    secrets.put('ledger', JSON.stringify(LEDGER));
  });

  it.each(['present', 'absent'])('of a kmsuser that is %s sends the command to wait for, with the version of the ledger that it wrote', async (kmsuser) => {
    expect(await reset(kmsuser)).toEqual({ Step: 'reset', CommandId: 'command-2', Ledger: 'ledger-2', Wait: { Count: 0 } });
    expect(parameters()).toMatchObject({ Action: ['reset'], Stack: [STACK], Cluster: [CLUSTER], Key: [KEY] });
  });

  it('writes a new password, and that a login is spent, into the ledger before it sends the command', async () => {
    let noted: Json = {};
    const sending = () => {
      noted = secrets.json('ledger');
      return { Command: { CommandId: 'command-2' } };
    };
    await reset('present', { 'ssm:SendCommand': sending });
    expect(noted).toEqual({ ...LEDGER, intent: expect.stringMatching(/^[A-Za-z0-9]{32}$/) as string, login: { step: 'reset', version: 'admin-secret-1' } });
    expect(noted['intent']).not.toBe(LEDGER.intent);
  });

  it("seals the admin's login and the new password, a line each, and sends neither in clear", async () => {
    await reset();
    expect(opened()).toBe(`admin:pa55word\n${intent()}\n`);
    expect(JSON.stringify(sent())).not.toMatch(new RegExp(`pa55word|${intent()}`));
  });

  it('makes another password each time', async () => {
    await reset();
    const first = intent();
    await reset();
    expect(intent()).not.toBe(first);
  });

  it('stays with a password that kmsuser has got and KMS has not been told, so that it is right whatever comes of the command', async () => {
    for (const [untold, stays] of [[CLUSTER, true], ['cluster-anotherone22', false]] as const) {
      secrets.put('ledger', JSON.stringify({ ...LEDGER, changing: { before: 'CONNECTED', untold } }));
      await reset('present', {}, '');
      expect([intent() === LEDGER.intent, opened()]).toEqual([stays, `admin:pa55word\n${intent()}\n`]);
    }
  });

  it('keeps the password that kmsuser has got here already, and KMS has not been told: it stays right if nothing comes of the command', async () => {
    secrets.put('ledger', JSON.stringify({ ...LEDGER, changing: { before: 'CONNECTED', untold: CLUSTER } }));
    await reset('present', {}, 'ledger-2');
    expect(opened()).toBe(`admin:pa55word\n${LEDGER.intent}\n`);
    expect(secrets.json('ledger')).toMatchObject({ intent: LEDGER.intent, changing: { before: 'CONNECTED', untold: CLUSTER } });
  });

  it('makes another password where kmsuser has got the recorded one in another cluster', async () => {
    secrets.put('ledger', JSON.stringify({ ...LEDGER, changing: { before: 'CONNECTED', untold: 'cluster-zzzzzzzzzzz' } }));
    await reset('present', {}, 'ledger-2');
    expect(intent()).not.toBe(LEDGER.intent);
  });

  it.each(['ThrottlingException', 'InvalidInstanceId', 'AccessDeniedException'])('withdraws its note of the login after Systems Manager has refused the command (%s), and may be run again', async (error) => {
    await failureOf(reset('present', { 'ssm:SendCommand': [refuse(error)] }));
    expect(secrets.json('ledger')).toEqual({ ...LEDGER, intent: intent() });
    await reset('present', {}, '');
    expect(sent()).toHaveLength(1);
    expect(opened()).toBe(`admin:pa55word\n${intent()}\n`);
  });

  it('keeps its note after an error that leaves open whether the command was sent, and spends no second login', async () => {
    await failureOf(reset('present', { 'ssm:SendCommand': [refuse('InternalServerError', 'broken', 500)] }));
    expect(secrets.json('ledger')['login']).toEqual({ step: 'reset', version: 'admin-secret-1' });
    const again = step('reset', inspected('present'), {}, { Ledger: 'ledger-1' }, 1);
    await refused(again, say(messages.LOGIN_SPENT, { secret: 'admin-secret' }));
    expect(sent()).toEqual([]);
  });

  it('is tried again after a command that was not sent', async () => {
    await failureOf(reset('present', { 'ssm:SendCommand': [refuse('ThrottlingException')] }));
    expect(await step('reset', inspected('present'), {}, { Ledger: 'ledger-1' }, 1)).toMatchObject({ Step: 'reset' });
    expect(secrets.json('ledger')).toMatchObject({ store: 'cks-1', changing: { before: 'CONNECTED' } });
  });

  it.each([undefined, 1])('sends no command, and spends no login, in an update that another one has taken over from (attempt %s)', async (attempt) => {
    secrets.put('ledger', JSON.stringify({ ...LEDGER, newest: { execution: 'arn:of:this' } }));
    secrets.put('ledger', JSON.stringify({ ...LEDGER, newest: { execution: 'arn:of:that' } }));
    const { name, message } = await failureOf(step('reset', inspected('present'), {}, { Ledger: 'ledger-2' }, attempt, 'arn:of:this'));
    expect({ name, message }).toEqual({ name: 'TransientError', message: 'Overtaken: arn:of:that' });
    expect([sent(), secrets.count('ledger')]).toEqual([[], 3]);
  });

  it('is tried again although Secrets Manager has deleted the version that the plan wrote, two versions later', async () => {
    secrets.put('ledger', JSON.stringify({ ...LEDGER, newest: { execution: 'arn:of:this' } }));
    expect(await step('reset', inspected('present'), {}, { Ledger: 'ledger-gone' }, 1, 'arn:of:this')).toMatchObject({ Step: 'reset', Ledger: 'ledger-3' });
  });

  it('reads the version of the ledger that it is told, not the newest', async () => {
    secrets.put('ledger', JSON.stringify({ newer: true }));
    await reset();
    expect(secrets.json('ledger')).toMatchObject({ store: 'cks-1', changing: { before: 'CONNECTED' } });
  });
});

describe('delete', () => {
  it('of a kmsuser that is gone sends nothing and reads no login', async () => {
    secrets.put('ledger', JSON.stringify({ intent: 'R'.repeat(32) }));
    expect(await step('delete', inspected('absent'))).toEqual(command({ Step: 'done' }));
    expect(reads('admin-secret')).toEqual([]);
    expect(sent()).toEqual([]);
  });

  it('does not take kmsuser for gone while an HSM that is ACTIVE does not answer', async () => {
    secrets.put('ledger', JSON.stringify({ intent: 'R'.repeat(32) }));
    const three = { 'cloudhsm:DescribeClusters': clusterWith(['a', 'b', 'c']) };
    await refused(step('delete', inspected('absent'), three), say(messages.KMSUSER_UNSEEN, { answering: 2, active: 3, instance: INSTANCE }));
    expect(sent()).toEqual([]);
    expect(secrets.json('ledger')).toEqual({ intent: 'R'.repeat(32) });
  });

  it("seals the admin's login alone, and keeps what the ledger knows", async () => {
    secrets.put('ledger', JSON.stringify({ intent: 'R'.repeat(32), made: true, store: 'cks-1' }));
    expect(await step('delete', inspected('present'))).toEqual({ Step: 'delete', CommandId: 'command-2', Ledger: 'ledger-2', Wait: { Count: 0 } });
    expect(parameters()).toMatchObject({ Action: ['delete'], Stack: [STACK], Cluster: [CLUSTER], Key: [KEY] });
    expect(opened()).toBe('admin:pa55word\n');
    expect(secrets.json('ledger')).toMatchObject({ intent: 'R'.repeat(32), made: true, store: 'cks-1' });
  });
});

describe('confirm', () => {
  const login = { step: 'create', version: 'admin-secret-1' };
  const BEFORE: Json = { intent: 'R'.repeat(32), login };
  const created = (more: Record<string, string> = {}) => invocation({ outcome: 'created', logins: '1', coverage: 'full', hsms: '2', ...more });
  const cluster = (zones: string[]): Script => ({ 'cloudhsm:DescribeClusters': clusterWith(zones) });

  const confirm = (said: Json, script: Script = {}) => step('confirm', said, script, { Step: 'create', Ledger: 'ledger-1' });

  beforeEach(() => {
    secrets.put('ledger', JSON.stringify(BEFORE));
  });

  it('of a kmsuser on every HSM records it as made, and its login as accepted', async () => {
    expect(await confirm(created(), cluster(['a', 'b']))).toMatchObject({ Step: 'done', Ledger: 'ledger-2' });
    expect(secrets.json('ledger')).toEqual({ intent: 'R'.repeat(32), made: true });
    expect(wire.inputs('cloudhsm:DescribeClusters')).toEqual([{ Filters: { clusterIds: [CLUSTER] } }]);
  });

  it('run twice records the same', async () => {
    await confirm(created(), cluster(['a', 'b']));
    await confirm(created(), cluster(['a', 'b']));
    expect(secrets.json('ledger')).toEqual({ intent: 'R'.repeat(32), made: true });
  });

  it.each<[string, Record<string, string>, string[], [coverage: string, answering: number, active: number]]>([
    ['coverage is inconsistent', { coverage: 'inconsistent' }, ['a', 'b'], ['inconsistent', 2, 2]],
    ['an HSM does not answer the client', { hsms: '1' }, ['a', 'b'], ['full', 1, 2]],
    ['an HSM was added since', {}, ['a', 'b', 'c'], ['full', 2, 3]],
    ['the client knows an HSM that is gone', { hsms: '3' }, ['a', 'b'], ['full', 3, 2]],
  ])('fails when %s, and yet records kmsuser as made, so that it is removed again', async (_what, more, zones, [coverage, answering, active]) => {
    await refused(confirm(created(more), cluster(zones)), say(messages.KMSUSER_INCOMPLETE, { coverage, answering, instance: INSTANCE, active }));
    expect(secrets.json('ledger')).toEqual({ intent: 'R'.repeat(32), made: true });
  });

  it('counts the active HSMs alone', async () => {
    const described = clusterWith(['a', 'b', 'c']);
    const [first] = described['Clusters'] as { Hsms: Json[] }[];
    Object.assign(first?.Hsms[2] ?? {}, { State: 'CREATE_IN_PROGRESS' });
    expect(await confirm(created(), { 'cloudhsm:DescribeClusters': described })).toMatchObject({ Step: 'done' });
  });

  describe('of a reset', () => {
    const reset = (more: Record<string, string> = {}) => invocation({ outcome: 'reset', logins: '1', coverage: 'full', hsms: '2', ...more });
    const RESET: Json = { intent: 'N'.repeat(32), store: 'cks-1', created: PROPERTIES, changing: { before: 'CONNECTED', told: { name: 'my-store', clusterId: CLUSTER } } };
    const UNTOLD: Json = { ...RESET, changing: { before: 'CONNECTED', told: { name: 'my-store', clusterId: CLUSTER }, untold: CLUSTER } };
    const spent = { login: { step: 'reset', version: 'admin-secret-1' } };
    const confirmReset = (said: Json, script: Script = {}) => step('confirm', said, script, { Step: 'reset', Ledger: 'ledger-1' });

    beforeEach(() => {
      secrets = new Secrets().put('ledger', JSON.stringify({ ...RESET, ...spent }));
    });

    it('on every HSM records that KMS is to be told, and its login as accepted', async () => {
      expect(await confirmReset(reset())).toEqual({ Step: 'done', CommandId: 'command-1', Ledger: 'ledger-2', Wait: { Count: 1 } });
      expect(secrets.json('ledger')).toEqual(UNTOLD);
    });

    describe('in an update that another one has taken over from', () => {
      const [OWN, LATER] = ['arn:of:this', 'arn:of:that'];
      /** What the later one has written, from what it read before the login was noted. */
      const theirs: Json = { ...RESET, intent: 'O'.repeat(32), newest: { execution: LATER }, changing: { before: 'DISCONNECTED' } };
      const confirmLate = (said: Json) => step('confirm', said, {}, { Step: 'reset', Ledger: 'ledger-2' }, 0, OWN);

      beforeEach(() => {
        secrets.put('ledger', JSON.stringify({ ...RESET, ...spent, newest: { execution: OWN } })).put('ledger', JSON.stringify(theirs));
      });

      it.each<[string, Json, Json]>([
        ['that kmsuser has got the password', reset(), { changing: { before: 'DISCONNECTED', untold: CLUSTER } }],
        ['that no login was spent', invocation({ outcome: 'busy', logins: '0' }), {}],
        ['the login that was refused', invocation({ outcome: 'not-reset', logins: '1', detail: 'Login failed' }), spent],
        ['the login that may be spent', invocation({ outcome: 'cli-failed', logins: '1', detail: 'down' }), spent],
      ])('tells the later one %s, leaves the update to it, and goes no further', async (_what, said, more) => {
        expect(await failureOf(confirmLate(said))).toMatchObject({ name: 'Overtaken', message: LATER });
        expect(secrets.json('ledger')).toEqual({ ...theirs, intent: RESET['intent'], ...more });
      });

      it.each(['arn:of:this', 'arn-20260101T115900Z-0123456789abcdef'])('is not what the ledger shows with %s as the newest', async (execution) => {
        const own = 'arn-20260101T120000Z-0123456789abcdef';
        secrets.put('ledger', JSON.stringify({ ...theirs, newest: { execution } }));
        const ownNow = execution === OWN ? OWN : own;
        expect(await step('confirm', reset(), {}, { Step: 'reset', Ledger: 'ledger-2' }, 0, ownNow)).toMatchObject({ Step: 'done' });
        expect(secrets.json('ledger')).toEqual({ ...UNTOLD, newest: { execution: OWN } });
      });
    });

    it('forgets why the store had failed: kmsuser is no longer as it was', async () => {
      secrets.put('ledger', JSON.stringify({ ...RESET, ...spent, changing: { before: 'FAILED', code: 'USER_NOT_FOUND' } }));
      await step('confirm', reset(), {}, { Step: 'reset', Ledger: 'ledger-2' });
      expect(secrets.json('ledger')['changing']).toEqual({ before: 'FAILED', untold: CLUSTER });
    });

    it.each<[string, Record<string, string>, [string, number]]>([
      ['coverage is inconsistent', { coverage: 'inconsistent' }, ['inconsistent', 2]],
      ['an HSM does not answer the client', { hsms: '1' }, ['full', 1]],
    ])('fails when %s, and yet records that KMS is to be told: kmsuser has the new password', async (_what, more, [coverage, answering]) => {
      await refused(confirmReset(reset(more)), say(messages.KMSUSER_INCOMPLETE, { coverage, answering, instance: INSTANCE, active: 2 }));
      expect(secrets.json('ledger')).toEqual(UNTOLD);
    });

    it('writes one version of the ledger, however often it is tried', async () => {
      for (let attempt = 0; attempt < 3; attempt++) await failureOf(confirmReset(reset(), { 'cloudhsm:DescribeClusters': refuse('ThrottlingException') }));
      expect(await confirmReset(reset())).toMatchObject({ Ledger: 'ledger-2' });
      expect(secrets.count('ledger')).toBe(2);
    });

    it('that the client could not do fails with its words, and leaves the login marked as spent', async () => {
      const detail = 'exit 1: Login failed';
      await refused(confirmReset(invocation({ outcome: 'not-reset', logins: '1', detail })), say(messages.KMSUSER_NOT_RESET, { detail, secret: 'admin-secret' }));
      expect(secrets.json('ledger')).toEqual({ ...RESET, ...spent });
      expect(secrets.count('ledger')).toBe(1);
    });

    it.each([
      ['0', {}],
      ['1', spent],
    ])('that failed with %s logins keeps of the login what was spent', async (logins, kept) => {
      await refused(confirmReset(invocation({ outcome: 'cli-failed', logins, detail: 'down' })), say(messages.CLI_FAILED, { instance: INSTANCE, detail: 'down' }));
      expect(secrets.json('ledger')).toEqual({ ...RESET, ...kept });
    });
  });

  it('withdraws the intent when a kmsuser was there that this stack did not make', async () => {
    await refused(confirm(invocation({ outcome: 'exists', logins: '0' })), messages.KMSUSER_THERE);
    expect(secrets.json('ledger')).toEqual({});
  });

  it.each(['deleted', 'absent'])('forgets a kmsuser that is %s, and nothing else', async (outcome) => {
    const others = { store: 'cks-1', created: PROPERTIES };
    secrets.put('ledger', JSON.stringify({ ...BEFORE, made: true, ...others }));
    const done = await step('confirm', invocation({ outcome, logins: '1', hsms: '2' }), {}, { Step: 'delete', Ledger: 'ledger-2' });
    expect(done).toMatchObject({ Step: 'done', Ledger: 'ledger-3' });
    expect(secrets.json('ledger')).toEqual(others);
  });

  it.each(['deleted', 'absent'])('does not take kmsuser for gone when it is %s while an HSM that is ACTIVE did not answer, but its login for accepted', async (outcome) => {
    const said = invocation({ outcome, logins: '1', hsms: '1' });
    await refused(confirm(said), say(messages.KMSUSER_UNSEEN, { answering: 1, active: 2, instance: INSTANCE }));
    expect(secrets.json('ledger')).toEqual({ intent: 'R'.repeat(32) });
  });

  it('writes one version of the ledger, however often it is tried', async () => {
    const throttled = { 'cloudhsm:DescribeClusters': refuse('ThrottlingException') };
    for (let attempt = 0; attempt < 4; attempt++) expect((await failureOf(confirm(created(), throttled))).name).toBe('TransientError');
    expect(await confirm(created())).toMatchObject({ Step: 'done', Ledger: 'ledger-2' });
    expect(secrets.count('ledger')).toBe(2);
  });

  it.each([
    ['(exit 1) User kmsuser still owns keys'],
    ['(exit 1) The keys of the user must be deleted first: 2 keys owned'],
  ])('keeps a kmsuser that owns keys, as a success: %s', async (detail) => {
    expect(await confirm(invocation({ outcome: 'not-deleted', logins: '1', detail }))).toMatchObject({ Step: 'done' });
    expect(secrets.json('ledger')).toEqual({ intent: 'R'.repeat(32) });
  });

  it.each([
    { outcome: 'not-created', detail: '(exit 1) Login failed', text: messages.KMSUSER_NOT_CREATED, ledger: { login } },
    { outcome: 'not-deleted', detail: '(exit 1) Login failed', text: messages.KMSUSER_NOT_DELETED, ledger: BEFORE },
    { outcome: 'not-deleted', detail: '(exit 1) unknown keyword', text: messages.KMSUSER_NOT_DELETED, ledger: BEFORE },
  ])('after $outcome ($detail) fails, and leaves the login marked as spent', async ({ outcome, detail, text, ledger }) => {
    await refused(confirm(invocation({ outcome, logins: '1', detail })), say(text, { detail, secret: 'admin-secret' }));
    expect(secrets.json('ledger')).toEqual(ledger);
  });

  it('takes no kmsuser for ours that somebody makes after the client could not', async () => {
    await failureOf(confirm(invocation({ outcome: 'not-created', logins: '1', detail: 'Login failed' })));
    expect(secrets.json('ledger')).not.toHaveProperty('intent');
  });

  const lost = (StatusDetails: string, StandardOutputContent = ''): Json => ({ DocumentName: DOCUMENT, StatusDetails, StandardOutputContent });
  const client = { instance: INSTANCE };

  describe('after a command that did not log in, leaves the login to be tried again:', () => {
    it.each<[string, Record<string, string>, string]>([
      ['no-key', {}, say(messages.CLIENT_KEY_GONE, client)],
      ['bad-envelope', {}, say(messages.CLIENT_UNREADABLE, { ...client, outcome: 'bad-envelope' })],
      ['bad-parameters', {}, say(messages.CLIENT_UNREADABLE, { ...client, outcome: 'bad-parameters' })],
      ['cli-failed', { detail: 'no route' }, say(messages.CLI_FAILED, { ...client, detail: 'no route' })],
      ['cluster-unlisted', { cluster: CLUSTER }, say(messages.CLI_CLUSTER_UNLISTED, { ...client, cluster: CLUSTER })],
      ['lacks', { detail: 'openssl' }, say(messages.CLIENT_LACKS, { ...client, programs: 'openssl' })],
      ['busy', {}, say(messages.CLIENT_BUSY, client)],
      ['unsafe-directory', {}, say(messages.CLIENT_UNSAFE, client)],
      ['script-failed', {}, say(messages.CLIENT_SCRIPT_FAILED, client)],
    ])('%s', async (outcome, more, text) => {
      await refused(confirm(invocation({ outcome, logins: '0', ...more })), text);
      expect(secrets.json('ledger')).toEqual({ intent: 'R'.repeat(32) });
    });
  });

  describe('after what may have logged in, leaves the login marked as spent:', () => {
    it.each<[string, Json, string]>([
      ['a script that stopped behind its login', invocation({ outcome: 'script-failed', logins: '1' }), say(messages.CLIENT_SCRIPT_FAILED, client)],
      ['a CLI that failed behind its login', invocation({ outcome: 'cli-failed', logins: '1' }), say(messages.CLI_FAILED, { ...client, detail: 'nothing' })],
      ['an outcome that nobody knows', invocation({ outcome: 'strange' }), say(messages.CLIENT_ANSWER_UNKNOWN, { ...client, outcome: 'strange' })],
      ['output that is no answer', lost('Success', 'null'), say(messages.COMMAND_NO_RESULT, { ...client, status: 'Success' })],
      ['half an answer', lost('Failed', '{"outcome":"crea'), say(messages.COMMAND_NO_RESULT, { ...client, status: 'Failed' })],
      [
        'a client of another platform',
        lost('Success', 'Step execution skipped due to incompatible platform. Step name: manageKmsUser'),
        say(messages.CLIENT_NOT_LINUX, { ...client, platform: 'another platform' }),
      ],
    ])('%s', async (_what, said, text) => {
      await refused(confirm(said), text);
      expect(secrets.json('ledger')).toEqual(BEFORE);
    });

    // The API Reference spells them with blanks, the User Guide (monitor-commands) without.
    it.each<[string, string]>([
      ['Undeliverable', messages.COMMAND_NOT_TAKEN],
      ['Delivery Timed Out', messages.COMMAND_NOT_TAKEN],
      ['DeliveryTimedOut', messages.COMMAND_NOT_TAKEN],
      ['Execution Timed Out', messages.COMMAND_NOT_ENDED],
      ['ExecutionTimedOut', messages.COMMAND_NOT_ENDED],
      ['Pending', messages.COMMAND_NOT_ENDED],
      ['In Progress', messages.COMMAND_NOT_ENDED],
      ['InProgress', messages.COMMAND_NOT_ENDED],
      ['Delayed', messages.COMMAND_NOT_ENDED],
      ['Cancelled', messages.COMMAND_CANCELLED],
      ['Cancelling', messages.COMMAND_CANCELLED],
      ['Terminated', messages.COMMAND_CANCELLED],
      ['Access Denied', messages.COMMAND_DENIED],
      ['AccessDenied', messages.COMMAND_DENIED],
      ['Invalid Platform', messages.CLIENT_NOT_LINUX],
      ['InvalidPlatform', messages.CLIENT_NOT_LINUX],
      ['Failed', messages.COMMAND_NO_RESULT],
      ['Success', messages.COMMAND_NO_RESULT],
      ['', messages.COMMAND_NO_RESULT],
    ])('a command without an answer, which is "%s"', async (status, text) => {
      await refused(confirm(lost(status)), say(text, { ...client, status, platform: 'another platform' }));
      expect(secrets.json('ledger')).toEqual(BEFORE);
    });

    it('a command of a foreign document', async () => {
      await failureOf(confirm({ ...created(), DocumentName: 'AWS-RunShellScript' }));
      expect(secrets.json('ledger')).toEqual(BEFORE);
    });
  });
});
