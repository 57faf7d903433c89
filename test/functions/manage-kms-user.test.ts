import { constants, generateKeyPairSync, privateDecrypt } from 'node:crypto';
import type { ClientCommand } from '../../functions/shared/src/request';
import { clusterWith, command, DOCUMENT, failureOf, hosts, invocation, PROPERTIES } from './requests';
import { Secrets } from './secrets';
import { refuse, wireFor, type Json, type Script } from './wire';

const INSTANCE = PROPERTIES.ClientInstanceId;
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

type Do = 'inspect' | 'create' | 'delete' | 'forget' | 'confirm';

/** Takes one step; `said` is what the command before it answered on the client. */
async function step(Do: Do, said: Json, script: Script = {}, more: Partial<ClientCommand> = {}): Promise<ClientCommand> {
  const { handler } = await import('../../functions/manage-kms-user/src/index');
  wire.script({
    ...secrets.answers,
    'cloudhsm:DescribeClusters': clusterWith(['a', 'b']),
    'ssm:GetCommandInvocation': said,
    'ssm:SendCommand': { Command: { CommandId: 'command-2' } },
    ...script,
  });
  return handler({ Do, Command: command(more), ClusterId: PROPERTIES.CloudHsmClusterId });
}

const sent = () => wire.inputs('ssm:SendCommand');
const parameters = () => sent().at(-1)?.['Parameters'] as Record<string, string[]>;
const reads = (secret: string) => wire.inputs('secretsmanager:GetSecretValue').filter((input) => input['SecretId'] === secret);

/** What the client finds in the envelope with the key of its inspection. */
function opened(): string {
  const envelope = Buffer.from(parameters()['Envelope']?.[0] ?? '', 'base64');
  return privateDecrypt({ key: client.privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }, envelope).toString();
}

describe('inspect', () => {
  it("sends the stack's document to the client, for this stack, with the shortest delivery", async () => {
    await step('inspect', {});
    expect(sent()).toEqual([{ InstanceIds: [INSTANCE], DocumentName: DOCUMENT, Parameters: { Action: ['inspect'], Stack: [STACK] }, TimeoutSeconds: 30 }]);
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

describe.each(['inspect', 'forget'] as const)('%s, when the command cannot be sent', (Do) => {
  it('says that the client is not running, and what to do', async () => {
    const { name, message } = await failureOf(step(Do, {}, { 'ssm:SendCommand': [refuse('InvalidInstanceId')] }));
    expect(name).toBe('KmsUserClientNotReachable');
    expect(message).toMatch(/i-0123456789abcdef0 is not running.*start the client and delete again, or retain the resource/);
  });

  it('is tried again when Systems Manager is busy', async () => {
    expect((await failureOf(step(Do, {}, { 'ssm:SendCommand': [refuse('ThrottlingException')] }))).name).toBe('TransientError');
  });
});

it('forget sends a command that carries nothing but its name and the stack', async () => {
  await step('forget', {});
  expect(parameters()).toEqual({ Action: ['forget'], Stack: [STACK] });
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
    expect(parameters()).toMatchObject({ Action: ['create'], Stack: [STACK], Key: [KEY] });
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
    const { name, message } = await failureOf(step('create', inspected('absent')));
    expect(name).toBe('KeyStoreLedgerUnreadable');
    expect(message).toMatch(/update-secret-version-stage/);
    expect(message).not.toContain('RR');
    expect(sent()).toEqual([]);
  });

  it.each(['present', 'strange'])('leaves a kmsuser that is %s alone: it writes nothing, reads no login, sends nothing', async (kmsuser) => {
    const { name, message } = await failureOf(step('create', inspected(kmsuser)));
    expect(name).toBe('KmsUserExists');
    expect(message).toMatch(/left alone.*user delete --username kmsuser/);
    expect(wire.calls.map((call) => call.name)).toEqual(['ssm:GetCommandInvocation', 'cloudhsm:DescribeClusters']);
  });
});

describe.each([
  ['create', 'absent'],
  ['delete', 'present'],
] as const)('%s does not trust what it did not ask for:', (Do, kmsuser) => {
  it.each<[string, Json, RegExp]>([
    ['a command of a foreign document, whose key may be anyone’s', { ...inspected(kmsuser), DocumentName: 'AWS-RunShellScript' }, /AWS-RunShellScript, which is not this stack's/],
    ['an inspection that failed', invocation({ outcome: 'cli-failed', detail: 'no route' }), /it said: no route.*configure-cli/],
    ['a client whose CLI would log in to another cluster', inspected(kmsuser, '10.9.0.10'), /configured for 10\.9\.0\.10.*configure-cli -a/],
    ['a client whose CLI would log in to another cluster too', inspected(kmsuser, `${hosts(2)} 10.9.0.10`), /of no other/],
    ['an inspection without an answer', { DocumentName: DOCUMENT, StatusDetails: 'Undeliverable' }, /gave no answer.*"Undeliverable"/],
  ])('%s', async (_what, said, text) => {
    const { name, message } = await failureOf(step(Do, said));
    expect(name).toBe('ClientCommandFailed');
    expect(message).toMatch(text);
    expect(reads('admin-secret')).toEqual([]);
    expect(sent()).toEqual([]);
  });

  it('a cluster that is gone meanwhile', async () => {
    const { name, message } = await failureOf(step(Do, inspected(kmsuser), { 'cloudhsm:DescribeClusters': { Clusters: [] } }));
    expect(name).toBe('ClientCommandFailed');
    expect(message).toMatch(/cluster-abcdefghijk no longer exists/);
    expect(sent()).toEqual([]);
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
  ])('is not usable when it is %s; nothing is spent, written or sent', async (_what, secret) => {
    secrets.put('admin-secret', secret);
    const { name, message } = await failureOf(step('create', inspected('absent')));
    expect(name).toBe('AdminSecretNotUsable');
    expect(message).toMatch(/Secret admin-secret holds no usable password: store the bare password, or JSON with the key "password"/);
    expect(secrets.count('ledger')).toBe(0);
    expect(sent()).toEqual([]);
  });

  it('is not usable when it is binary', async () => {
    secrets.putValue('admin-secret', { SecretBinary: 'cGE1NXdvcmQ=' });
    const { name, message } = await failureOf(step('create', inspected('absent')));
    expect(name).toBe('AdminSecretNotUsable');
    expect(message).toBe("Secret admin-secret is binary: store the admin's password as a string");
  });
});

describe('a login is spent once per version of the admin secret:', () => {
  it.each([
    ['create', 'absent'],
    ['delete', 'present'],
  ] as const)('%s notes it in the ledger before it sends the command', async (Do, kmsuser) => {
    await step(Do, inspected(kmsuser));
    expect(secrets.json('ledger')['login']).toEqual({ step: Do, version: 'admin-secret-1' });
    expect(wire.calls.at(-1)?.name).toBe('ssm:SendCommand');
  });

  it.each([
    ['create', 'create', 'absent'],
    ['create', 'delete', 'absent'],
    ['delete', 'delete', 'present'],
  ] as const)('%s does not try a version that a %s has tried without success', async (Do, before, kmsuser) => {
    secrets.put('ledger', JSON.stringify({ intent: 'R'.repeat(32), login: { step: before, version: 'admin-secret-1' } }));
    const { name, message } = await failureOf(step(Do, inspected(kmsuser)));
    expect(name).toBe('AdminLoginSpent');
    expect(message).toMatch(/admin-secret.*five refused logins lock the admin out.*put-secret-value/);
    expect(sent()).toEqual([]);
    expect(secrets.count('ledger')).toBe(1);
  });

  it.each([
    ['create', 'absent'],
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
      expect((await failureOf(step(Do, inspected(kmsuser)))).name).toBe('AdminLoginSpent');
      expect(sent()).toEqual([]);
    });
  });
});

describe('delete', () => {
  it('of a kmsuser that is gone sends nothing and reads no login', async () => {
    secrets.put('ledger', JSON.stringify({ intent: 'R'.repeat(32) }));
    expect(await step('delete', inspected('absent'))).toEqual(command({ Step: 'done' }));
    expect(reads('admin-secret')).toEqual([]);
    expect(sent()).toEqual([]);
  });

  it("seals the admin's login alone, and keeps what the ledger knows", async () => {
    secrets.put('ledger', JSON.stringify({ intent: 'R'.repeat(32), made: true, store: 'cks-1' }));
    expect(await step('delete', inspected('present'))).toEqual({ Step: 'delete', CommandId: 'command-2', Ledger: 'ledger-2', Wait: { Count: 0 } });
    expect(parameters()).toMatchObject({ Action: ['delete'], Stack: [STACK], Key: [KEY] });
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
    expect(wire.inputs('cloudhsm:DescribeClusters')).toEqual([{ Filters: { clusterIds: [PROPERTIES.CloudHsmClusterId] } }]);
  });

  it('run twice records the same', async () => {
    await confirm(created(), cluster(['a', 'b']));
    await confirm(created(), cluster(['a', 'b']));
    expect(secrets.json('ledger')).toEqual({ intent: 'R'.repeat(32), made: true });
  });

  it.each<[string, Record<string, string>, string[], RegExp]>([
    ['coverage is inconsistent', { coverage: 'inconsistent' }, ['a', 'b'], /coverage is inconsistent/],
    ['an HSM does not answer the client', { hsms: '1' }, ['a', 'b'], /1 HSMs answered the client and 2 are active/],
    ['an HSM was added since', {}, ['a', 'b', 'c'], /2 HSMs answered the client and 3 are active/],
    ['the client knows an HSM that is gone', { hsms: '3' }, ['a', 'b'], /3 HSMs answered the client and 2 are active/],
  ])('fails when %s, and yet records kmsuser as made, so that it is removed again', async (_what, more, zones, text) => {
    const { name, message } = await failureOf(confirm(created(more), cluster(zones)));
    expect(name).toBe('KmsUserIncomplete');
    expect(message).toMatch(text);
    expect(message).toMatch(/configure-cli -a/);
    expect(secrets.json('ledger')).toEqual({ intent: 'R'.repeat(32), made: true });
  });

  it('counts the active HSMs alone', async () => {
    const described = clusterWith(['a', 'b', 'c']);
    const [first] = described['Clusters'] as { Hsms: Json[] }[];
    Object.assign(first?.Hsms[2] ?? {}, { State: 'CREATE_IN_PROGRESS' });
    expect(await confirm(created(), { 'cloudhsm:DescribeClusters': described })).toMatchObject({ Step: 'done' });
  });

  it('withdraws the intent when a kmsuser was there that this stack did not make', async () => {
    expect((await failureOf(confirm(invocation({ outcome: 'exists', logins: '0' })))).name).toBe('KmsUserExists');
    expect(secrets.json('ledger')).toEqual({});
  });

  it.each(['deleted', 'absent'])('forgets a kmsuser that is %s, and nothing else', async (outcome) => {
    const others = { store: 'cks-1', created: PROPERTIES };
    secrets.put('ledger', JSON.stringify({ ...BEFORE, made: true, ...others }));
    const done = await step('confirm', invocation({ outcome, logins: '1' }), {}, { Step: 'delete', Ledger: 'ledger-2' });
    expect(done).toMatchObject({ Step: 'done', Ledger: 'ledger-3' });
    expect(secrets.json('ledger')).toEqual(others);
  });

  it.each([
    ['(exit 1) User kmsuser still owns keys'],
    ['(exit 1) The keys of the user must be deleted first: 2 keys owned'],
  ])('keeps a kmsuser that owns keys, as a success: %s', async (detail) => {
    expect(await confirm(invocation({ outcome: 'not-deleted', logins: '1', detail }))).toMatchObject({ Step: 'done' });
    expect(secrets.json('ledger')).toEqual({ intent: 'R'.repeat(32) });
  });

  it.each([
    { outcome: 'not-created', detail: '(exit 1) Login failed', text: 'could not create', ledger: { login } },
    { outcome: 'not-deleted', detail: '(exit 1) Login failed', text: 'could not delete', ledger: BEFORE },
    { outcome: 'not-deleted', detail: '(exit 1) unknown keyword', text: 'could not delete', ledger: BEFORE },
  ])('after $outcome ($detail) fails, and leaves the login marked as spent', async ({ outcome, detail, text, ledger }) => {
    const { name, message } = await failureOf(confirm(invocation({ outcome, logins: '1', detail })));
    expect(name).toBe('KmsUserNotChanged');
    expect(message).toContain(`${text} kmsuser (it said: ${detail})`);
    expect(message).toMatch(/correct the admin's password in its secret.*quorum/);
    expect(secrets.json('ledger')).toEqual(ledger);
  });

  it('takes no kmsuser for ours that somebody makes after the client could not', async () => {
    await failureOf(confirm(invocation({ outcome: 'not-created', logins: '1', detail: 'Login failed' })));
    expect(secrets.json('ledger')).not.toHaveProperty('intent');
  });

  it.each<[string, Json, RegExp]>([
    ['a command that came too late', invocation({ outcome: 'no-key', logins: '0' }), /no key for this command.*try again/],
    ['a command that the client could not read', invocation({ outcome: 'bad-envelope', logins: '0' }), /could not read the command \(bad-envelope\)/],
    ['a command that was never delivered', { DocumentName: DOCUMENT, StatusDetails: 'Delivery Timed Out', StandardOutputContent: '' }, /gave no answer.*Delivery Timed Out/],
    ['a client that does not reach the cluster', invocation({ outcome: 'cli-failed', logins: '0', detail: 'no route' }), /no route/],
  ])('after %s, which did not log in, leaves the login to be tried again', async (_what, said, text) => {
    const { name, message } = await failureOf(confirm(said));
    expect(name).toBe('ClientCommandFailed');
    expect(message).toMatch(text);
    expect(secrets.json('ledger')).toEqual({ intent: 'R'.repeat(32) });
  });

  it.each<[string, Json]>([
    ['a script that stopped behind its login', invocation({ outcome: 'script-failed', logins: '1' })],
    ['an outcome that nobody knows', invocation({ outcome: 'strange' })],
    ['a command without an answer', { DocumentName: DOCUMENT, StatusDetails: 'ExecutionTimedOut', StandardOutputContent: '' }],
    ['a command of a foreign document', { ...created(), DocumentName: 'AWS-RunShellScript' }],
  ])('after %s fails, and leaves the login marked as spent', async (_what, said) => {
    expect((await failureOf(confirm(said))).name).toBe('ClientCommandFailed');
    expect(secrets.json('ledger')).toEqual(BEFORE);
  });
});
