import { execFileSync } from 'node:child_process';
import { createPublicKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { exampleCertificates } from '../../simulator/cloudhsm/example-certificates';
import { ADMIN, APP_USER, Client, CLUSTER, CONFIGURED, configuration, configured, DONE, NO_KMSUSER, quorumOf, STACK, TWO_HSMS, WITH_KMSUSER, listOf, seal, user } from './client';

const OTHER_STACK = '0a1b2c3d-0000-4000-8000-00000000000b';
const LOGIN = 'admin:Adm1n-Passw0rd';
const PASSWORD = 'abcdefghijKLMNOPQRST0123456789Zz';
const REFUSED = JSON.stringify({ error_code: 1, data: 'Login failed' });

const CERTIFICATE = new X509Certificate(exampleCertificates.trustAnchor).fingerprint256;

/** What the CLI answers when nothing is wrong. */
const replyTo: Record<string, string> = { '--version-': 'cloudhsm-cli 5.17.2', 'user-list': NO_KMSUSER, 'cluster-hsm-info': TWO_HSMS, 'quorum-token-sign': quorumOf(1) };

let client: Client;
beforeEach(() => {
  client = new Client();
});
afterEach(() => client.remove());

function create(key: string, text = `${LOGIN}\n${PASSWORD}`) {
  return client.run({ action: 'create', key, envelope: seal(text) });
}

function remove(key: string, text = LOGIN) {
  return client.run({ action: 'delete', key, envelope: seal(text) });
}

describe('inspect', () => {
  test.each(['dash', 'bash'])('prints a public key and the facts, started by %s', async (sh) => {
    client.replies('user-list', WITH_KMSUSER);
    const { code, answer, stdout, stderr } = await client.run({ action: 'inspect' }, { sh });
    const { key, publicKey, ...facts } = answer;
    expect(facts).toEqual({
      outcome: 'inspected',
      logins: '0',
      hosts: '10.0.1.10 10.0.2.10',
      certificate: CERTIFICATE,
      version: '5.17.2',
      hsms: '2',
      quorum: '1',
      admins: 'admin/false/full/no',
      kmsuser: 'present',
      role: 'crypto-user',
      locked: 'false',
      coverage: 'full',
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.length).toBeLessThan(1500);
    expect(key).toMatch(/^[0-9]{10}-[0-9a-f]{16}$/);
    expect(createPublicKey({ key: Buffer.from(publicKey ?? '', 'base64'), type: 'spki', format: 'der' }).asymmetricKeyDetails?.modulusLength).toBe(3072);
    expect(client.publicKeyOf(key ?? '')).toBe(publicKey);
    expect([client.mode(), client.mode(STACK), client.mode(STACK, `${key}.pem`)]).toEqual(['700', '700', '600']);
    const folder = 'run/cloudhsm-key-store/';
    expect(client.leftOvers()).toEqual([folder, `${folder}${STACK}/`, `${folder}${STACK}/${key}.pem`]);
  });

  test('never logs in, even where the environment has a PIN', async () => {
    await client.run({ action: 'inspect' }, { env: { CLOUDHSM_ROLE: 'admin', CLOUDHSM_PIN: LOGIN } });
    expect(client.calls().map((call) => call.argv)).toEqual(['--version', 'user list', 'cluster hsm-info', 'quorum token-sign list-quorum-values']);
    expect(client.logins()).toEqual([]);
  });

  test('removes older keys of this stack and keeps those of another', async () => {
    client.placeKey(60);
    const other = client.placeKey(60, OTHER_STACK);
    const { answer } = await client.run({ action: 'inspect' });
    expect(client.keys()).toEqual([`${answer.key}.pem`]);
    expect(client.keys(OTHER_STACK)).toEqual([`${other}.pem`]);
  });

  test('removes older keys even when it then fails, so that a late create finds none', async () => {
    client.placeKey();
    client.replies('user-list', 'down', { exit: 1 });
    expect((await client.run({ action: 'inspect' })).answer.outcome).toBe('cli-failed');
    expect(client.keys()).toEqual([]);
  });

  test('leaves no key when the key cannot be made', async () => {
    client.standIn('openssl', '#!/bin/bash\n[[ $1 != genrsa ]] || { echo half >"$3"; exit 194; }\necho 0011223344556677\n');
    const { code, answer } = await client.run({ action: 'inspect' });
    expect([code, answer.outcome]).toEqual([1, 'script-failed']);
    expect(client.keys()).toEqual([]);
  });

  test.each([
    ['the CLI', true, [], 'cloudhsm-cli'],
    ['openssl', false, ['openssl'], 'openssl'],
    ['flock', false, ['flock'], 'flock'],
    ['two programs at once', false, ['openssl', 'flock'], 'openssl, flock'],
    ['all programs at once', true, ['openssl', 'flock'], 'cloudhsm-cli, openssl, flock'],
  ])('reports that the client lacks %s', async (_name, cli, programs, detail) => {
    if (cli) rmSync(client.cli);
    const { code, answer } = await client.run({ action: 'inspect' }, { path: client.pathWithout(...programs) });
    expect([code, answer]).toEqual([1, { outcome: 'lacks', logins: '0', detail }]);
    expect(client.leftOvers()).toEqual([]);
  });

  test.each([
    ['a folder', () => { rmSync(client.cli); mkdirSync(client.cli); }],
    ['not executable', () => chmodSync(client.cli, 0o644)],
  ])('takes a CLI that is %s for none', async (_name, spoil) => {
    spoil();
    expect((await client.run({ action: 'inspect' })).answer).toMatchObject({ outcome: 'lacks', detail: 'cloudhsm-cli' });
  });

  test('prints under 2,500 characters for a usual cluster', async () => {
    const admins = Array.from({ length: 6 }, (_, index) => user(`administrator_number_${index}`, { role: 'admin', mfa: [{ strategy: 'token-sign', status: 'enabled' }] }));
    client.replies('user-list', listOf(ADMIN, ...admins, ...Array.from({ length: 50 }, (_, index) => user(`crypto_user_${index}`)), user('kmsuser')));
    client.configure(configuration(configured(Array.from({ length: 28 }, (_, index) => `10.100.200.1${index}`))));
    const { answer, stdout } = await client.run({ action: 'inspect' });
    expect(answer.outcome).toBe('inspected');
    expect(stdout.length).toBeLessThan(2500);
  });

  test('runs with nothing but the tools that every Linux has', async () => {
    expect(await client.run({ action: 'inspect' }, { path: client.pathWithout('jq') })).toMatchObject({ code: 0, answer: { outcome: 'inspected' } });
  });

  test('refuses a directory that is a link', async () => {
    mkdirSync(join(client.home, 'elsewhere'));
    symlinkSync(join(client.home, 'elsewhere'), client.base);
    expect(await client.run({ action: 'inspect' })).toMatchObject({ code: 1, answer: { outcome: 'unsafe-directory' } });
  });

  test('makes its stack directory anew where it was a link', async () => {
    mkdirSync(join(client.home, 'elsewhere'));
    mkdirSync(client.base);
    symlinkSync(join(client.home, 'elsewhere'), join(client.base, STACK));
    await client.run({ action: 'inspect' });
    expect(execFileSync('ls', [join(client.home, 'elsewhere')], { encoding: 'utf8' })).toBe('');
  });
});

describe('what the CLI prints', () => {
  const kmsuser = user('kmsuser');
  const fields = '"cluster-coverage":"full","quorum":[],"mfa":[{"strategy":"token-sign","status":"disabled","more":[{"username":"other"}]}],"locked":"false","role":"crypto-user","username":"kmsuser"';
  test.each([
    ['pretty-printed', JSON.stringify(JSON.parse(WITH_KMSUSER), null, 2), 'present'],
    ['with Windows line ends', JSON.stringify(JSON.parse(WITH_KMSUSER), null, 2).replaceAll('\n', '\r\n'), 'present'],
    ['with keys in another order and nested lists', `{"data":{"users":[{${fields}}]},"error_code":0}`, 'present'],
    ['after a prompt', `Enter password:\nConfirm password:\n${WITH_KMSUSER}\n`, 'present'],
    ['before a warning', `${NO_KMSUSER}\nWARN: slow\n`, 'absent'],
    ['with kmsuser2 and xkmsuser', listOf(ADMIN, user('kmsuser2'), user('xkmsuser')), 'absent'],
    ['with kmsuser as a role', listOf(user('admin', { role: 'kmsuser' })), 'absent'],
    ['with kmsuser in a nested object', listOf(user('admin', { mfa: [{ username: 'kmsuser' }] })), 'absent'],
    ['with brackets and quotes in a text', listOf(user('admin', { note: '"}],[{"username":"kmsuser"} \\' }), APP_USER), 'absent'],
    ['with a character that would be dropped', listOf(ADMIN, user('kms/user')), 'absent'],
    ['with numbers and null', listOf(user('admin', { n: [1, -2.5e3, null, true] }), kmsuser), 'present'],
    ['with a thousand users', listOf(ADMIN, ...Array.from({ length: 1022 }, (_, i) => user(`u${i}`)), kmsuser), 'present'],
  ])('is understood %s', async (_name, text, expected) => {
    client.replies('user-list', text);
    client.replies('user-create', REFUSED, { exit: 1 });
    const { answer } = await create(client.placeKey());
    expect(answer.outcome).toBe(expected === 'present' ? 'exists' : 'not-created');
  });

  test.each([
    ['is empty', '', 0],
    ['is HTML', '<html><style>a{b:c}</style></html>', 0],
    ['is half of it', WITH_KMSUSER.slice(0, 60), 0],
    ['ends one bracket early', NO_KMSUSER.slice(0, -1), 0],
    ['has no outer braces', NO_KMSUSER.slice(1, -1), 0],
    ['has error_code 1 with exit 0', listOf(ADMIN).replace(':0', ':1'), 0],
    ['has a nested error_code 0 only', '{"error_code":1,"data":{"error_code":0,"users":[{"username":"admin"}]}}', 0],
    ['has error_code "0" as a text', listOf(ADMIN).replace(':0', ':"0"'), 0],
    ['has error_code 0 with exit 1', NO_KMSUSER, 1],
    ['has no users', '{"error_code":0,"data":{"accounts":[]}}', 0],
    ['has an empty list', listOf(), 0],
    ['has a user without a name', '{"error_code":0,"data":{"users":[{"username":"admin"},{"name":"kmsuser"}]}}', 0],
    ['lacks a comma', NO_KMSUSER.replace('},{', '}{'), 0],
    ['has a bare word', NO_KMSUSER.replace('"full"', 'full'), 0],
    ['is two answers', NO_KMSUSER + NO_KMSUSER, 0],
    ['is a text that looks like shell', '{"error_code":0,"data":"$(touch pwned)`touch pwned`;touch pwned"}', 0],
  ])('is refused before any login when it %s', async (_name, text, exit) => {
    client.replies('user-list', text, { exit });
    const { code, answer } = await create(client.placeKey());
    expect([code, answer.outcome, answer.logins]).toEqual([1, 'cli-failed', '0']);
    expect(client.logins()).toEqual([]);
    expect(answer.detail).toMatch(/^[A-Za-z0-9 .,:()_-]{1,200}$/);
    expect(existsSync(join(client.home, 'pwned'))).toBe(false);
  });

  test.each(['{"level":"WARN"}', '} slow {', 'WARN: [10.0.1.10] {retry: 1}'])('may come with %s on its other stream', async (stderr) => {
    client.quickKeys();
    for (const command of ['--version-', 'user-list', 'cluster-hsm-info', 'quorum-token-sign']) client.replies(command, replyTo[command] ?? '', { stderr });
    expect(await client.run({ action: 'inspect' })).toMatchObject({ code: 0, stderr: '', answer: { outcome: 'inspected', version: '5.17.2', hsms: '2', quorum: '1', admins: 'admin/false/full/no' } });
  });

  test('is told from both streams when the CLI fails, and leaves no file', async () => {
    client.replies('user-list', 'no list', { exit: 1, stderr: 'no route {10.0.1.10}' });
    const { answer } = await client.run({ action: 'inspect' });
    expect(answer).toMatchObject({ outcome: 'cli-failed', detail: 'exit 1: no list no route 10.0.1.10' });
    expect(client.leftOvers().filter((path) => !path.endsWith('/'))).toEqual([]);
  });

  test('must list HSMs, or inspect fails', async () => {
    client.replies('cluster-hsm-info', '{"error_code":0,"data":{}}');
    expect((await client.run({ action: 'inspect' })).answer.outcome).toBe('cli-failed');
  });

  test('is filtered in the facts about kmsuser', async () => {
    client.replies('user-list', listOf(user('kmsuser', { role: 'x"y$(z)`', locked: 'in\\consistent', 'cluster-coverage': 'a b\n' })));
    const { answer } = await create(client.placeKey());
    expect(answer).toMatchObject({ outcome: 'exists', role: 'xy(z)', locked: 'inconsistent', coverage: 'abn' });
  });
});

describe('create', () => {
  beforeEach(() => client.replies('user-list', WITH_KMSUSER, { nth: 2 }));

  test('makes kmsuser with one login and leaves nothing on the client but the empty folder that is locked', async () => {
    const { code, answer, stderr } = await create(client.placeKey());
    expect(answer).toEqual({ outcome: 'created', logins: '1', role: 'crypto-user', locked: 'false', coverage: 'full', hsms: '2' });
    expect([code, stderr]).toEqual([0, '']);
    expect(client.logins()).toEqual([{ argv: `user create --username kmsuser --role crypto-user --password ${PASSWORD}`, role: 'admin', pin: LOGIN }]);
    expect(client.calls().map((call) => call.argv.slice(0, 11))).toEqual(['user list', 'cluster hsm', 'user create', 'user list', 'cluster hsm']);
    expect(client.leftOvers()).toEqual(['run/cloudhsm-key-store/']);
  });

  test('works with the key that inspect made', async () => {
    client.replies('user-list', NO_KMSUSER, { nth: 2 });
    client.replies('user-list', WITH_KMSUSER, { nth: 3 });
    const { answer } = await client.run({ action: 'inspect' });
    const key = createPublicKey({ key: Buffer.from(answer.publicKey ?? '', 'base64'), type: 'spki', format: 'der' });
    const envelope = seal(`${LOGIN}\n${PASSWORD}`, key);
    expect(await client.run({ action: 'create', key: answer.key ?? '', envelope })).toMatchObject({ code: 0, answer: { outcome: 'created' } });
  });

  test('changes nothing and never logs in when kmsuser exists', async () => {
    client.replies('user-list', WITH_KMSUSER);
    expect(await create(client.placeKey())).toMatchObject({ code: 0, answer: { outcome: 'exists', logins: '0', hsms: '2' } });
    expect(client.calls().map((call) => call.argv)).toEqual(['user list', 'cluster hsm-info']);
    expect(client.keys()).toEqual([]);
  });

  test('believes the list, not the answer to user create', async () => {
    client.replies('user-create', 'garbage', { exit: 3 });
    expect((await create(client.placeKey())).answer.outcome).toBe('created');
    client.replies('user-list', NO_KMSUSER, { nth: 3 });
    client.replies('user-list', NO_KMSUSER, { nth: 4 });
    client.replies('user-create', DONE);
    expect((await create(client.placeKey())).answer.outcome).toBe('not-created');
  });

  test('tries a refused login once and says why', async () => {
    client.replies('user-list', NO_KMSUSER, { nth: 2 });
    client.replies('user-create', REFUSED, { exit: 1 });
    const { code, answer } = await create(client.placeKey());
    expect([code, answer.outcome, answer.logins]).toEqual([1, 'not-created', '1']);
    expect(answer.detail).toBe('exit 1: error_code:1,data:Login failed');
    expect(client.logins()).toHaveLength(1);
  });

  test('says that a login was spent when the list fails afterwards', async () => {
    client.replies('user-list', 'down', { nth: 2, exit: 1 });
    expect(await create(client.placeKey())).toMatchObject({ code: 1, answer: { outcome: 'cli-failed', logins: '1' } });
    expect(client.logins()).toHaveLength(1);
  });

  test('never logs in when the HSMs do not answer before, and says that a login was spent when they do not afterwards', async () => {
    client.replies('cluster-hsm-info', 'down', { nth: 1, exit: 1 });
    expect(await create(client.placeKey())).toMatchObject({ code: 1, answer: { outcome: 'cli-failed', logins: '0' } });
    expect(client.logins()).toEqual([]);
    client.replies('user-list', NO_KMSUSER, { nth: 2 });
    client.replies('user-list', WITH_KMSUSER, { nth: 3 });
    client.replies('cluster-hsm-info', 'down', { nth: 3, exit: 1 });
    expect(await create(client.placeKey())).toMatchObject({ code: 1, answer: { outcome: 'cli-failed', logins: '1' } });
    expect(client.logins()).toHaveLength(1);
  });

  test.each([
    ['spaces', '  two  spaces '],
    ['quotes', `it's "quoted"`],
    ['a command', '$(touch pwned)`touch pwned`'],
    ['a star and a semicolon', '*; touch pwned &'],
    ['backslashes', 'a\\b\\n\\\\'],
    ['colons', 'a:b::c:'.concat('d')],
    ['a percent sign', '%s%n%d 100%'],
    ['unicode', 'pässwörd-密码-🔑'],
    ['a dash first', '--help -n'],
  ])('hands over an admin password with %s, and hides it everywhere else', async (_name, secret) => {
    client.replies('user-list', NO_KMSUSER, { nth: 2 });
    client.replies('user-create', JSON.stringify({ error_code: 1, data: `refused ${secret} for admin:${secret} and ${PASSWORD}.` }), { exit: 1 });
    const { answer, stdout, stderr } = await create(client.placeKey(), `admin:${secret}\n${PASSWORD}`);
    expect(client.logins()[0]?.pin).toBe(`admin:${secret}`);
    const shown = secret.replace(/[^A-Za-z0-9 .,:()_-]/g, '').replace(/ +/g, ' ');
    expect(answer.outcome).toBe('not-created');
    expect(answer.detail).toContain('(hidden)');
    for (const hidden of [secret, shown, PASSWORD]) expect(stdout + stderr).not.toContain(hidden);
    expect(client.processes()).not.toContain(secret);
    expect(existsSync(join(client.home, 'pwned'))).toBe(false);
    expect(client.leftOvers()).toEqual(['run/cloudhsm-key-store/']);
  });

  test('shows kmsuser’s password in the one argument of the CLI only', async () => {
    await create(client.placeKey());
    const list = client.calls().filter((call) => call.argv.includes(PASSWORD));
    expect(list.map((call) => call.argv.split(' ').slice(0, 2).join(' '))).toEqual(['user create']);
    expect(client.processes()).not.toContain('Adm1n-Passw0rd');
  });

  test.each([
    ['a short password', `${LOGIN}\nshort`],
    ['a password with another character', `${LOGIN}\n${PASSWORD.slice(1)}-`],
    ['no password', LOGIN],
    ['three lines', `${LOGIN}\n${PASSWORD}\nmore`],
    ['a login without a password', `admin:\n${PASSWORD}`],
    ['a login without a colon', `admin\n${PASSWORD}`],
    ['an odd user name', `ad min:x\n${PASSWORD}`],
    ['nothing', ''],
  ])('refuses an envelope with %s, and ends the key', async (_name, text) => {
    expect(await create(client.placeKey(), text)).toMatchObject({ code: 1, answer: { outcome: 'bad-envelope' } });
    expect(client.calls()).toEqual([]);
    expect(client.keys()).toEqual([]);
  });

  test.each([
    ['for another key', () => seal(`${LOGIN}\n${PASSWORD}`, generateKeyPairSync('rsa', { modulusLength: 3072 }).publicKey)],
    ['that is no base64', () => '=AAA='],
    ['that is cut short', () => seal(LOGIN).slice(0, 200)],
    ['that is missing', () => 'none'],
  ])('refuses an envelope %s, and ends the key', async (_name, envelope) => {
    const { code, answer, stderr } = await client.run({ action: 'create', key: client.placeKey(), envelope: envelope() });
    expect([code, answer.outcome]).toEqual([1, 'bad-envelope']);
    expect(stderr).not.toContain(LOGIN);
    expect(client.keys()).toEqual([]);
  });
});

describe('the key', () => {
  test.each([
    ['ten minutes old', 601],
    ['from the future', -300],
  ])('is refused and removed when it is %s', async (_name, age) => {
    expect(await create(client.placeKey(age))).toMatchObject({ code: 1, answer: { outcome: 'no-key' } });
    expect(client.calls()).toEqual([]);
    expect(client.keys()).toEqual([]);
  });

  test('is good for nearly ten minutes', async () => {
    client.replies('user-list', WITH_KMSUSER);
    expect((await create(client.placeKey(590))).answer.outcome).toBe('exists');
  });

  test('works once', async () => {
    client.replies('user-list', WITH_KMSUSER);
    const key = client.placeKey();
    expect((await create(key)).answer.outcome).toBe('exists');
    expect((await create(key)).answer.outcome).toBe('no-key');
  });

  test.each(['none', '0000000008-0011223344556677'])('%s, that is not there, is refused', async (key) => {
    expect(await create(key)).toMatchObject({ code: 1, answer: { outcome: 'no-key' } });
  });

  test('of another stack is neither used nor removed', async () => {
    const key = client.placeKey(5, OTHER_STACK);
    expect((await create(key)).answer.outcome).toBe('no-key');
    expect(client.keys(OTHER_STACK)).toEqual([`${key}.pem`]);
  });

  test('is gone while the CLI runs', async () => {
    const key = client.placeKey();
    client.hold(true);
    const { ended } = client.start({ action: 'create', key, envelope: seal(`${LOGIN}\n${PASSWORD}`) });
    while (client.calls().length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(client.keys()).toEqual([]);
    client.hold(false);
    await ended;
  });

  test('is removed when the CLI is missing', async () => {
    rmSync(client.cli);
    expect((await create(client.placeKey())).answer.outcome).toBe('lacks');
    expect(client.keys()).toEqual([]);
  });
});

describe('delete', () => {
  beforeEach(() => client.replies('user-list', WITH_KMSUSER, { nth: 1 }));

  test('removes kmsuser with one login and leaves nothing on the client but the empty folder that is locked', async () => {
    const { code, answer } = await remove(client.placeKey());
    expect([code, answer]).toEqual([0, { outcome: 'deleted', logins: '1', hsms: '2' }]);
    expect(client.logins()).toEqual([{ argv: 'user delete --username kmsuser --role crypto-user', role: 'admin', pin: LOGIN }]);
    expect(client.leftOvers()).toEqual(['run/cloudhsm-key-store/']);
  });

  test('never logs in when there is no kmsuser', async () => {
    client.replies('user-list', NO_KMSUSER, { nth: 1 });
    expect(await remove(client.placeKey())).toMatchObject({ code: 0, answer: { outcome: 'absent', logins: '0', hsms: '2' } });
    expect(client.logins()).toEqual([]);
  });

  test('says why kmsuser is still there, after one try', async () => {
    client.replies('user-list', WITH_KMSUSER);
    client.replies('user-delete', JSON.stringify({ error_code: 1, data: 'User still owns keys' }), { exit: 1 });
    const { code, answer } = await remove(client.placeKey());
    expect([code, answer.outcome, answer.logins]).toEqual([1, 'not-deleted', '1']);
    expect(answer.detail).toContain('User still owns keys');
    expect(client.logins()).toHaveLength(1);
  });

  test('refuses an envelope made for create', async () => {
    expect((await remove(client.placeKey(), `${LOGIN}\n${PASSWORD}`)).answer.outcome).toBe('bad-envelope');
    expect(client.calls()).toEqual([]);
  });
});

describe('reset', () => {
  const CREATE = `user create --username kmsuser --role crypto-user --password ${PASSWORD}`;
  const CHANGE = `user change-password --username kmsuser --role crypto-user --password ${PASSWORD}`;
  const PARTLY = listOf(ADMIN, user('kmsuser', { 'cluster-coverage': 'inconsistent' }));
  const LOCKED = listOf(ADMIN, user('kmsuser', { locked: 'true' }));
  const reset = (key = client.placeKey(), text = `${LOGIN}\n${PASSWORD}`) => client.run({ action: 'reset', key, envelope: seal(text) });

  /** The list before, and the one after, which has kmsuser. */
  const before = (list: string) => {
    client.replies('user-list', list, { nth: 1 });
    client.replies('user-list', WITH_KMSUSER, { nth: 2 });
  };

  test.each([
    ['is there, by changing it', WITH_KMSUSER, [CHANGE]],
    ['is locked, by changing it, which unlocks it', LOCKED, [CHANGE]],
    ['is missing, by making it', NO_KMSUSER, [CREATE]],
    ['is on some HSMs only, by making it on the others, and then changing it on all', PARTLY, [CREATE, CHANGE]],
    ['is locked on some HSMs, and missing on others', listOf(ADMIN, user('kmsuser', { locked: 'inconsistent', 'cluster-coverage': 'inconsistent' })), [CREATE, CHANGE]],
    ['is there with a coverage that the list does not tell', listOf(ADMIN, user('kmsuser', { 'cluster-coverage': undefined })), [CREATE, CHANGE]],
  ])('gives the password to a kmsuser that %s', async (_what, list, verbs) => {
    before(list);
    const { code, answer, stderr } = await reset();
    expect(answer).toEqual({ outcome: 'reset', logins: '1', role: 'crypto-user', locked: 'false', coverage: 'full', hsms: '2' });
    expect([code, stderr]).toEqual([0, '']);
    expect(client.logins()).toEqual(verbs.map((argv) => ({ argv, role: 'admin', pin: LOGIN })));
    expect(client.calls().map(({ argv }) => argv)).toEqual(['user list', 'cluster hsm-info', ...verbs, 'user list', 'cluster hsm-info']);
    expect(client.leftOvers()).toEqual(['run/cloudhsm-key-store/']);
    expect(client.processes()).not.toContain('Adm1n-Passw0rd');
  });

  /** What it tells of the CLI's words, whatever blanks are between them. */
  const said = ({ detail = '' }: Record<string, string>) => detail.replace(/ +/g, ' ').trim();

  test('tells of a kmsuser that is on some HSMs only afterwards too', async () => {
    client.replies('user-list', PARTLY);
    client.replies('cluster-hsm-info', TWO_HSMS);
    expect((await reset()).answer).toMatchObject({ outcome: 'reset', coverage: 'inconsistent', hsms: '2' });
  });

  describe.each([
    ['change-password', WITH_KMSUSER, 'user-change-password', [CHANGE]],
    ['create', NO_KMSUSER, 'user-create', [CREATE]],
    ['create before change-password', PARTLY, 'user-create', [CREATE]],
    ['change-password after create', PARTLY, 'user-change-password', [CREATE, CHANGE]],
  ])('believes the CLI only where both its exit status and its error_code say so, in %s:', (_verb, list, command, tried) => {
    beforeEach(() => before(list));

    test.each([
      ['a refused login', REFUSED, 1, 'exit 1: error_code:1,data:Login failed'],
      ['error_code 1 with exit 0', REFUSED, 0, 'exit 0: error_code:1,data:Login failed'],
      ['error_code 0 with exit 1', '{"error_code":0,"data":{}}', 1, 'exit 1: error_code:0,data:'],
      ['no JSON with exit 0', 'Password changed', 0, 'exit 0: Password changed'],
      ['half an answer', '{"error_code":0,"data":{', 0, 'exit 0: error_code:0,data:'],
      ['a nested error_code 0 only', '{"data":{"error_code":0}}', 0, 'exit 0: data:error_code:0'],
      ['nothing', '', 0, 'exit 0:'],
    ])('%s ends it, and no further login is spent', async (_what, stdout, exit, detail) => {
      client.replies(command, stdout, { exit });
      const { code, answer } = await reset();
      expect({ code, answer }).toMatchObject({ code: 1, answer: { outcome: 'not-reset', logins: '1', hosts: '10.0.1.10 10.0.2.10', certificate: CERTIFICATE } });
      expect(said(answer)).toBe(detail);
      expect(client.logins().map(({ argv }) => argv)).toEqual(tried);
      expect(client.calls().at(-1)?.argv).toBe(tried.at(-1));
      expect(client.leftOvers()).toEqual(['run/cloudhsm-key-store/']);
    });

    test.each(['{"level":"WARN"}', '} slow {', '{"error_code":1,"data":"retry"}', 'WARN: [10.0.1.10] {retry: 1}'])('what it logs beside its answer (%s) changes nothing', async (stderr) => {
      client.replies(command, DONE, { stderr });
      expect(await reset()).toMatchObject({ code: 0, stderr: '', answer: { outcome: 'reset', logins: '1' } });
    });

    test('an answer on its other stream is none', async () => {
      client.replies(command, '', { stderr: DONE });
      const { answer } = await reset();
      expect([answer.outcome, said(answer)]).toEqual(['not-reset', 'exit 0: error_code:0,data:username:kmsuser,role:crypto-user']);
    });

    test('no secret stands in what it tells of either stream', async () => {
      client.replies(command, JSON.stringify({ error_code: 1, data: `no ${PASSWORD}` }), { exit: 1, stderr: `PIN ${LOGIN} Adm1n-Passw0rd` });
      const { answer, stdout, stderr } = await reset();
      expect(answer.detail).toBe('exit 1: error_code:1,data:no (hidden) PIN (hidden) (hidden)');
      for (const secret of [PASSWORD, 'Adm1n-Passw0rd']) expect(stdout + stderr).not.toContain(secret);
    });
  });

  test.each([
    ['change-password', WITH_KMSUSER, 'user-change-password', CHANGE],
    ['create', PARTLY, 'user-create', CREATE],
  ])('ends a CLI that hangs in %s, and spends no further login', async (_verb, list, command, tried) => {
    before(list);
    client.hangs(command);
    const { code, answer } = await reset();
    expect([code, answer.outcome, answer.logins, said(answer)]).toEqual([1, 'not-reset', '1', 'exit 124:']);
    expect(client.logins().map(({ argv }) => argv)).toEqual([tried]);
  });

  test.each([
    ['the list', 'user-list'],
    ['the HSMs', 'cluster-hsm-info'],
  ])('never logs in when %s cannot be read before, and says that a login was spent when that is so afterwards', async (_what, command) => {
    client.replies('user-list', WITH_KMSUSER);
    client.replies(command, 'down', { nth: 1, exit: 1 });
    expect(await reset()).toMatchObject({ code: 1, answer: { outcome: 'cli-failed', logins: '0' } });
    expect(client.logins()).toEqual([]);
    client.replies(command, 'down', { nth: 3, exit: 1 });
    expect(await reset()).toMatchObject({ code: 1, answer: { outcome: 'cli-failed', logins: '1' } });
    expect(client.logins()).toHaveLength(1);
  });

  test('uses its key up, also where it fails', async () => {
    before(WITH_KMSUSER);
    client.replies('user-change-password', REFUSED, { exit: 1 });
    const key = client.placeKey();
    expect((await reset(key)).answer.outcome).toBe('not-reset');
    expect((await reset(key)).answer).toMatchObject({ outcome: 'no-key', logins: '0' });
    expect(client.logins()).toHaveLength(1);
  });

  test.each([
    ['no password', LOGIN],
    ['a short password', `${LOGIN}\nshort`],
    ['a password with another character', `${LOGIN}\n${PASSWORD.slice(1)}-`],
  ])('refuses an envelope with %s, before the CLI is asked anything', async (_what, text) => {
    expect(await reset(client.placeKey(), text)).toMatchObject({ code: 1, answer: { outcome: 'bad-envelope', logins: '0' } });
    expect(client.calls()).toEqual([]);
    expect(client.keys()).toEqual([]);
  });
});

describe('two commands at once', () => {
  test('are kept apart: the second gives up after a minute of tries and its key is gone', async () => {
    client.standIn('sleep', `#!/bin/bash\necho "$1" >>${client.home}/log/sleeps\n`);
    client.hold(true);
    const first = client.start({ action: 'inspect' }, { path: process.env.PATH ?? '' });
    while (client.calls().length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    const key = client.placeKey(5, OTHER_STACK);
    const second = await client.run({ action: 'create', stack: OTHER_STACK, key, envelope: seal(`${LOGIN}\n${PASSWORD}`) });
    expect([second.code, second.answer.outcome]).toEqual([1, 'busy']);
    expect(readFileSync(join(client.home, 'log/sleeps'), 'utf8').split('\n')).toHaveLength(45);
    expect(client.keys(OTHER_STACK)).toEqual([]);
    client.hold(false);
    expect((await first.ended).answer.outcome).toBe('inspected');
    expect(client.calls()).toHaveLength(4);
  });

  test('are kept apart even when the first was killed and its CLI still runs', async () => {
    client.standIn('sleep', '#!/bin/bash\n');
    client.hold(true);
    const first = client.start({ action: 'inspect' }, { path: process.env.PATH ?? '' });
    while (client.calls().length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    process.kill(-(first.process.pid ?? 0), 'SIGKILL');
    expect((await client.run({ action: 'inspect' })).answer.outcome).toBe('busy');
    client.hold(false);
    await first.ended;
    expect((await client.run({ action: 'inspect' })).answer.outcome).toBe('inspected');
  });
});

describe('parameters', () => {
  const id = '1700000000-00112233445566aa';
  test.each([
    ['action', 'destroy'],
    ['action', ''],
    ['action', '$(touch pwned)'],
    ['action', 'inspect\ncreate'],
    ['stack', ''],
    ['stack', '../../../../../../../../../../../../etc'],
    ['stack', `${STACK}0`],
    ['stack', `${STACK}; touch pwned`],
    ['stack', '`touch pwned`'],
    ['cluster', ''],
    ['cluster', 'cluster-'],
    ['cluster', 'cluster-abcdefghij'],
    ['cluster', 'cluster-abcdefghij1'],
    ['cluster', `${CLUSTER}lmnopq`],
    ['cluster', `${CLUSTER}; touch pwned`],
    ['cluster', `${CLUSTER} --password x`],
    ['cluster', `${CLUSTER}\n`],
    ['cluster', '--cluster-id'],
    ['cluster', 'cluster-$(touch pwned)'],
    ['cluster', '`touch pwned`'],
    ['cluster', '*'],
    ['key', `${id}/..`],
    ['key', `../${OTHER_STACK}/${id}`],
    ['key', '$(touch pwned)-00112233445566aa'],
    ['key', `${id}\n`],
    ['envelope', 'AAAA;touch pwned'],
    ['envelope', '$(touch pwned)'],
    ['envelope', 'AAAA\nAAAA'],
    ['envelope', '"; touch pwned; "'],
  ])('%s %j is refused', async (name, value) => {
    const { code, answer, stderr } = await client.run({ action: 'create', key: id, envelope: 'AAAA', [name]: value });
    expect([code, answer.outcome, stderr]).toEqual([1, 'bad-parameters', '']);
    expect(client.leftOvers()).toEqual([]);
    expect(existsSync(join(client.home, 'pwned'))).toBe(false);
  });
});

describe('the text of the script', () => {
  const text = readFileSync(join(__dirname, '../../documents/manage-kms-user.sh'), 'utf8');

  test('is plain ASCII without tabs, so that it stays a readable block in the template', () => {
    expect(text).toMatch(/^#!\/bin\/bash\n[\n -~]*\n$/);
  });

  test('takes each parameter once, in single quotes', () => {
    expect(text.match(/.*\{\{.*/g)).toEqual(["action='{{ Action }}'", "stack='{{ Stack }}'", "cluster='{{ Cluster }}'", "key='{{ Key }}'", "envelope='{{ Envelope }}'"]);
  });

  test('writes no secret through a here-document, which bash keeps in a file', () => {
    expect(text).not.toContain('<<');
  });
});

describe('the configuration of the CLI', () => {
  beforeEach(() => client.quickKeys());

  const OURS = ['10.0.1.10', '10.0.2.10'];
  const other = (id = 'cluster-zzzzzzzzzzz') => configured(['10.9.0.10'], { cluster_id: id }, '/opt/cloudhsm/etc/other.crt');
  const ours = configured(OURS, { cluster_id: CLUSTER });

  test.each([
    ['one line', CONFIGURED.replaceAll(/\s/g, ''), OURS],
    ['several lines', CONFIGURED, OURS],
    ['Windows line ends', CONFIGURED.replaceAll('\n', '\r\n'), OURS],
    ['the type of a newer HSM', configuration(configured(OURS, { type: 'hsm2m' })), OURS],
    ['IPv6', configuration(configured(['fd00::1'])), ['fd00::1']],
    ['the id of a cluster', configuration(ours), OURS],
    ['the id of one other cluster', configuration(other()), ['10.9.0.10']],
    ['nothing', '', []],
    ['half of it', CONFIGURED.slice(0, 200), []],
    ['no cluster', configuration(), []],
    ['another shape', '{"servers":[{"hostname":"10.0.1.10"}]}', []],
    ['the placeholder of a CLI that was never configured', configuration(configured(['%%HSM_IP_ADDRESS%%'])), ['HSMIPADDRESS']],
    ['a hostname that would end the JSON', configuration(configured(['10.0.1.10","outcome":"x'])), ['10.0.1.10outcome:x']],
    ['shell text', configuration(configured(['$(touch pwned)`touch pwned`'])), ['touchpwnedtouchpwned']],
  ])('is told by its addresses from a file with %s', async (_what, text, hosts) => {
    client.configure(text);
    const { answer } = await client.run({ action: 'inspect' });
    expect(answer).toMatchObject({ outcome: 'inspected', hosts: hosts.join(' ') });
    expect(client.calls().filter((call) => call.argv.includes('--cluster-id'))).toEqual([]);
    expect(existsSync(join(client.home, 'pwned'))).toBe(false);
  });

  test('may be missing as a file', async () => {
    rmSync(join(client.home, 'opt-cloudhsm/etc/cloudhsm-cli.cfg'));
    expect((await client.run({ action: 'inspect' })).answer).toMatchObject({ outcome: 'inspected', hosts: '', certificate: CERTIFICATE });
  });

  describe.each([
    ['first', configuration(ours, other())],
    ['second', configuration(other(), ours)],
    ['between others', configuration(other(), ours, other('cluster-yyyyyyyyyyy'))],
    ['by an id in another place', configuration(other(), { type: 'hsm1', cluster: { unique_id: CLUSTER, ...(configured(OURS) as { cluster: object }).cluster } })],
  ])('of several clusters with ours %s', (_where, text) => {
    beforeEach(() => {
      client.configure(text);
      client.certify(exampleCertificates.otherTrustAnchor, 'other.crt');
    });
    const calls = () => client.calls().map((call) => call.argv);
    const theirs = (...commands: string[]) => commands.map((command) => `${command} --cluster-id ${CLUSTER}`);

    test('is told by the addresses and the certificate of ours, and every question names it', async () => {
      expect((await client.run({ action: 'inspect' })).answer).toMatchObject({ outcome: 'inspected', hosts: OURS.join(' '), certificate: CERTIFICATE });
      expect(calls()).toEqual(['--version', ...theirs('user list', 'cluster hsm-info', 'quorum token-sign list-quorum-values')]);
      expect(client.logins()).toEqual([]);
    });

    test('makes every call of a create name it', async () => {
      client.replies('user-list', WITH_KMSUSER, { nth: 2 });
      expect((await create(client.placeKey())).answer.outcome).toBe('created');
      const change = `user create --username kmsuser --role crypto-user --password ${PASSWORD}`;
      expect(calls()).toEqual(theirs('user list', 'cluster hsm-info', change, 'user list', 'cluster hsm-info'));
    });

    test('makes every call of a reset name it', async () => {
      client.replies('user-list', listOf(ADMIN, user('kmsuser', { 'cluster-coverage': 'inconsistent' })), { nth: 1 });
      client.replies('user-list', WITH_KMSUSER, { nth: 2 });
      expect((await client.run({ action: 'reset', key: client.placeKey(), envelope: seal(`${LOGIN}\n${PASSWORD}`) })).answer.outcome).toBe('reset');
      const change = `--username kmsuser --role crypto-user --password ${PASSWORD}`;
      expect(calls()).toEqual(theirs('user list', 'cluster hsm-info', `user create ${change}`, `user change-password ${change}`, 'user list', 'cluster hsm-info'));
    });

    test('makes every call of a delete name it', async () => {
      client.replies('user-list', WITH_KMSUSER, { nth: 1 });
      expect((await remove(client.placeKey())).answer.outcome).toBe('deleted');
      expect(calls()).toEqual(theirs('user list', 'cluster hsm-info', 'user delete --username kmsuser --role crypto-user', 'user list', 'cluster hsm-info'));
    });
  });

  test.each([
    ['other ids', configuration(other(), other('cluster-yyyyyyyyyyy'))],
    ['no ids', configuration(configured(OURS), configured(['10.9.0.10']))],
    ['an id that begins like ours', configuration(other(`${CLUSTER}l`), other('cluster-yyyyyyyyyyy'))],
  ])('of several clusters with %s is refused before the CLI is asked anything', async (_what, text) => {
    client.configure(text);
    expect(await client.run({ action: 'inspect' })).toMatchObject({ code: 1, answer: { outcome: 'cluster-unlisted', logins: '0', cluster: CLUSTER } });
    expect(await create(client.placeKey())).toMatchObject({ code: 1, answer: { outcome: 'cluster-unlisted', logins: '0' } });
    expect(client.calls()).toEqual([]);
    expect(client.keys()).toEqual([]);
  });

  test.each([
    ['the one that the file names', exampleCertificates.otherTrustAnchor, '/opt/cloudhsm/etc/other.crt'],
    ['the one in the usual place if the file names none', exampleCertificates.trustAnchor, undefined],
    ['one of a cluster', exampleCertificates.clusterCertificate, '/opt/cloudhsm/etc/other.crt'],
  ])('is told by the fingerprint of its certificate: %s', async (_what, pem, file) => {
    if (file !== undefined) client.certify(pem, 'other.crt');
    const named = configured(OURS, {}, file) as { cluster: { hsm_ca_file?: string } };
    if (file === undefined) delete named.cluster.hsm_ca_file;
    client.configure(configuration(named));
    expect((await client.run({ action: 'inspect' })).answer.certificate).toBe(new X509Certificate(pem).fingerprint256);
  });

  test('is not told by the certificate of another cluster where the file names none for ours', async () => {
    client.certify(exampleCertificates.otherTrustAnchor, 'other.crt');
    client.configure(configuration(other(), { cluster_id: CLUSTER, cluster: { servers: [{ hostname: '10.0.1.10' }] } }));
    expect((await client.run({ action: 'inspect' })).answer).toMatchObject({ hosts: '10.0.1.10', certificate: CERTIFICATE });
  });

  test.each([
    ['is missing', () => rmSync(join(client.home, 'opt-cloudhsm/etc/customerCA.crt'))],
    ['is no certificate', () => client.certify('no certificate')],
    ['is empty', () => client.certify('')],
  ])('has no fingerprint when the certificate %s', async (_what, spoil) => {
    spoil();
    expect((await client.run({ action: 'inspect' })).answer).toMatchObject({ outcome: 'inspected', certificate: '' });
  });

  test('is told, with certificate and version, although the CLI failed', async () => {
    client.replies('user-list', 'down', { exit: 1 });
    const { answer } = await client.run({ action: 'inspect' });
    expect(answer).toEqual({ outcome: 'cli-failed', logins: '0', detail: expect.stringMatching(/^exit 1: down ?$/) as string, hosts: OURS.join(' '), certificate: CERTIFICATE, version: '5.17.2' });
  });
});

describe('the version of the CLI', () => {
  beforeEach(() => client.quickKeys());

  test.each([
    ['as it prints it', 'cloudhsm-cli 5.17.2\n', 0, '5.17.2'],
    ['alone', '5.9.0', 0, '5.9.0'],
    ['in a longer text', 'CloudHSM CLI v5.18.1 (build 20261104)', 0, '5.18.1'],
    ['and not when it refuses', 'error: unexpected argument --version 1.2.3', 2, ''],
    ['and not from two numbers', 'cloudhsm-cli 5.17', 0, ''],
    ['and not from shell text', '$(touch pwned)', 0, ''],
    ['and not from nothing', '', 0, ''],
  ])('is told %s', async (_what, text, exit, version) => {
    client.replies('--version-', text, { exit });
    expect((await client.run({ action: 'inspect' })).answer).toMatchObject({ outcome: 'inspected', version });
    expect(existsSync(join(client.home, 'pwned'))).toBe(false);
  });
});

describe('the quorum for a change of users', () => {
  beforeEach(() => client.quickKeys());

  test.each([
    ['of one', quorumOf(1), 0, '1'],
    ['of three', quorumOf(3), 0, '3'],
    ['of an older HSM', '{"error_code":0,"data":{"user":2,"quorum":1}}', 0, '2'],
    ['and not that of another service', '{"error_code":0,"data":{"quorum":4,"cluster":5}}', 0, ''],
    ['and not when the CLI does not know the command', 'error: unrecognized subcommand', 2, ''],
    ['and not when the CLI fails', quorumOf(3), 1, ''],
    ['and not from a text', '{"error_code":0,"data":{"user":"two"}}', 0, ''],
    ['and not from what is no JSON', 'user: 2', 0, ''],
  ])('is told: %s', async (_what, text, exit, quorum) => {
    client.replies('quorum-token-sign', text, { exit });
    expect((await client.run({ action: 'inspect' })).answer).toMatchObject({ outcome: 'inspected', quorum });
  });
});

describe('the admins', () => {
  beforeEach(() => client.quickKeys());

  const admin = (name: string, more: object = {}) => user(name, { role: 'admin', ...more });
  const strategy = (status: string) => [{ strategy: 'token-sign', status }];

  test.each([
    ['that there are, in their order, and no one else', [ADMIN, APP_USER, admin('boss_2'), user('kmsuser'), user('x', { mfa: strategy('enabled') })], 'admin/false/full/no boss_2/false/full/no'],
    ['with MFA', [admin('admin', { mfa: strategy('enabled') })], 'admin/false/full/yes'],
    ['with MFA before one without', [admin('boss', { mfa: strategy('enabled') }), ADMIN], 'boss/false/full/yes admin/false/full/no'],
    ['with MFA that is disabled', [admin('admin', { mfa: strategy('disabled') })], 'admin/false/full/no'],
    ['with a quorum key, which is no MFA', [admin('admin', { quorum: strategy('enabled') })], 'admin/false/full/no'],
    ['who are locked', [admin('admin', { locked: 'true' }), admin('boss', { locked: 'inconsistent' })], 'admin/true/full/no boss/inconsistent/full/no'],
    ['who are not on every HSM', [admin('admin', { 'cluster-coverage': 'inconsistent' })], 'admin/false/inconsistent/no'],
    ['with odd names, without what is odd', [admin('a d"m/i\\n$(touch pwned)')], 'admin(touchpwned)/false/full/no'],
    ['with odd facts, without what is odd', [admin('admin', { locked: 'a/b c', 'cluster-coverage': '"x",' })], 'admin/abc/x/no'],
    ['and none', [APP_USER], ''],
  ])('are told: those %s', async (_what, users, admins) => {
    client.replies('user-list', listOf(...users));
    expect((await client.run({ action: 'inspect' })).answer).toMatchObject({ outcome: 'inspected', admins });
    expect(existsSync(join(client.home, 'pwned'))).toBe(false);
  });
});

describe('forget', () => {
  it("removes this stack's keys, keeps those of another, and does not start the CLI", async () => {
    client.placeKey();
    const kept = client.placeKey(5, OTHER_STACK);
    expect(await client.run({ action: 'forget' })).toMatchObject({ code: 0, answer: { outcome: 'forgotten', logins: '0' } });
    expect(client.leftOvers()).toEqual(['run/cloudhsm-key-store/', `run/cloudhsm-key-store/${OTHER_STACK}/`, `run/cloudhsm-key-store/${OTHER_STACK}/${kept}.pem`]);
    expect(client.calls()).toEqual([]);
  });
});
