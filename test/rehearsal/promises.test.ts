import { execFileSync } from 'node:child_process';
import { writeFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { addKeyStoreOfOthers } from '../../rehearsal/by-hand';
import { findAny } from '../../rehearsal/promises/find-any';
import { lead, type Life } from '../../rehearsal/promises/lead';
import { brokenPromises, createAgain, remember, type Before } from '../../rehearsal/promises/promises';
import type { SeenCall } from '../../rehearsal/promises/witness';
import { openWorld, STACK, type World } from '../../rehearsal/world';
import type { HsmUser } from '../../simulator/cloudhsm/cluster';
import { KeyPool } from '../../simulator/ssm/key-pool';

const keyPool = new KeyPool();
const DELETE_IT = { pDeleteKeyStoreUponStackDeletion: 'true' };

/** What breaks a promise by hand; answers how it is undone. */
type Break = (world: World, before: Before) => () => void;

/** Changes fields of something for a while. */
function change<T extends object>(thing: T | undefined, fields: Partial<T>): () => void {
  if (!thing) throw new Error('There is nothing to change');
  const old = { ...thing };
  Object.assign(thing, fields);
  return () => void Object.assign(thing, old);
}

function add<T>(list: T[], ...more: T[]): () => void {
  list.push(...more);
  return () => void list.splice(list.length - more.length);
}

const answersOf = ({ account }: World) => account.cloudFormation.state.customResources.answers;
const requestsOf = ({ account }: World) => Object.values(account.cloudFormation.state.customResources.requests);
const storesOf = ({ account }: World) => account.kms.state.keyStores;
const ownStore = (world: World) => storesOf(world).find(({ clusterId }) => clusterId === world.clusterId);
const otherStore = (world: World) => storesOf(world).find(({ clusterId }) => clusterId !== world.clusterId);
const executionsOf = ({ account }: World) => Object.values(account.states.state.executions);
const commandsOf = ({ account }: World) => account.ssm.state.invocations;
const failed = (reason: string) =>
  `Received response status [FAILED] from custom resource. Message returned: ${reason} (RequestId: 00000000-0000-0000-0000-000000000000)`;
const lastAnswer = (world: World) => {
  const answer = answersOf(world).at(-1);
  if (!answer) throw new Error('There is no answer');
  return answer;
};
const callOfRole = (world: World, service: string, operation: string, input: SeenCall['input']): SeenCall => ({
  time: world.account.aws.clock.now, role: 'a-role', caller: 'arn:a-role', service, operation, input,
});

/** The last request was answered with a failure, and its execution has ended so. */
function answeredFailed(it: World, reason: string): () => void {
  const execution = executionsOf(it).findLast(({ machineName }) => machineName.endsWith('update-key-store'));
  const undo = [change(lastAnswer(it), { status: 'FAILED', reason }), change(execution, { status: 'FAILED' })];
  return () => undo.forEach((one) => one());
}

/** A world where somebody else has a key store, in which a stack was created and updated. */
let world: World;
let before: Before;
let life: Life;

beforeAll(async () => {
  world = await openWorld({ keyPool });
  await addKeyStoreOfOthers(world, 'theirs');
  before = remember(world);
  life = lead(world);
  await life.create(DELETE_IT);
  await life.update({ pKeyStoreName: 'renamed' });
  await life.pass(600);
});

afterAll(() => world.account.close());

/** Breaks something, looks which promises that breaks, and undoes it. */
function brokenBy(breakIt: Break): string[] {
  const undo = breakIt(world, before);
  const broken = brokenPromises(world, before);
  undo();
  expect(brokenPromises(world, before)).toEqual([]);
  return broken;
}

describe('a life in which all is well', () => {
  it('breaks no promise, beside a key store of somebody else', () => {
    expect([world.account.cloudFormation.stack(STACK).status, storesOf(world).length]).toEqual(['UPDATE_COMPLETE', 2]);
    expect(brokenPromises(world, before)).toEqual([]);
  });

  it('is judged in 30 ms of core time', () => {
    const rounds = 10;
    brokenPromises(world, before);
    const began = process.cpuUsage();
    for (let round = 0; round < rounds; round++) brokenPromises(world, before);
    const { user, system } = process.cpuUsage(began);
    expect((user + system) / 1000 / rounds).toBeLessThan(30);
  });
});

describe('a promise is broken', () => {
  it.each<[string, Break, RegExp]>([
    [
      'P1, when a request has no answer',
      (it) => {
        const answer = answersOf(it).pop();
        const undo = change(requestsOf(it).at(-1), { open: true });
        return () => {
          undo();
          if (answer) answersOf(it).push(answer);
        };
      },
      /^P1: Update [0-9a-f-]+ was never answered$/,
    ],
    ['P1, when a request has two verdicts', (it) => add(answersOf(it), lastAnswer(it)), /^P1: Update [0-9a-f-]+ had 2 verdicts$/],
    [
      'P1, when another verdict follows',
      (it) => add(answersOf(it), { ...lastAnswer(it), accepted: false, status: 'FAILED', reason: failed('The request could not be started.') }),
      /^P1: Update [0-9a-f-]+ was answered with another verdict later$/,
    ],
    [
      'P1, when an execution ends otherwise than it has answered',
      (it) => change(executionsOf(it)[0], { status: 'FAILED' }),
      /^P1: Create [0-9a-f-]+ was answered as SUCCEEDED, and its execution FAILED$/,
    ],
    [
      'P2, when CloudFormation cannot read an answer',
      (it) => answeredFailed(it, 'Response object is too long.'),
      /^P2: CloudFormation could not read the answer: Response/,
    ],
    [
      'P2, when a reason is in no words of the template',
      (it) => answeredFailed(it, failed('It did not work')),
      /^P2: the reason begins with no text of the template: .*It did not work/,
    ],
    [
      'P2, when a reason has a stack trace',
      (it) => answeredFailed(it, failed('The request could not be started.\n    at handler (index.js:1:1)')),
      /^P2: the reason has a stack trace/,
    ],
    [
      'P2, when a reason has an empty slot',
      (it) => answeredFailed(it, failed('The cluster does not exist: this account has no {cluster}')),
      /^P2: the reason has an empty slot/,
    ],
    [
      'P3, when a machine runs into its time-out',
      (it) => change(executionsOf(it)[0], { status: 'TIMED_OUT' }),
      /^P3: cloudhsm-1-create-key-store \S+ ran into its time-out of 3120 s$/,
    ],
    [
      'P3, when a machine runs longer than it may',
      (it) => change(executionsOf(it)[0], { stopTime: Infinity }),
      /^P3: cloudhsm-1-create-key-store \S+ took Infinity s, of 3120 that it may$/,
    ],
    [
      'P5, when the key store of somebody else is not as it was',
      (it) => change(otherStore(it), { name: 'ours' }),
      /^P5: key store cks-\w+ is not ours and not as it was$/,
    ],
    [
      'P5, when a role wants to change the key store of somebody else',
      (it, { seen }) => add(seen.calls, callOfRole(it, 'kms', 'DisconnectCustomKeyStore', { CustomKeyStoreId: otherStore(it)?.keyStoreId ?? '' })),
      /^P5: a-role asked for DisconnectCustomKeyStore of key store cks-\w+, which is not ours$/,
    ],
    [
      'P5, when a user of the cluster is not as it was',
      ({ account, clusterId }) => change(account.cloudHsm.cluster(clusterId).hsms[1]?.users[0], { password: 'changed' }),
      /^P5: user admin on hsm-\w+ of cluster-\w+ is not ours and not as it was$/,
    ],
    [
      'P5, when the CLI changes another user',
      (_it, { seen }) => add(seen.commands, { time: 0, args: ['user', 'delete', '--username', 'admin', '--role', 'admin'], env: {} }),
      /^P5: cloudhsm-cli was asked to delete the user admin$/,
    ],
    [
      "P5, when the user's secret has another value",
      ({ account }) => change(account.secrets.find('hsm/admin-password')?.versions[0], { value: { SecretString: '{}' } }),
      /^P5: secret hsm\/admin-password is not ours and not as it was$/,
    ],
    [
      "P5, when a role writes into the user's secret",
      (it, { seen }) => add(seen.calls, callOfRole(it, 'secretsmanager', 'PutSecretValue', { SecretId: 'hsm/admin-password' })),
      /^P5: a-role wrote into the secret hsm\/admin-password, which is not ours$/,
    ],
    [
      'P5, when there is a new file on the client',
      ({ account }) => {
        const file = path.join(account.ssm.state.instances[0]?.folder ?? '', 'root/.bash_history');
        writeFileSync(file, '');
        return () => rmSync(file);
      },
      /^P5: new file .bash_history on the client is not ours and not as it was$/,
    ],
    ['P8, when KMS has another name', (it) => change(ownStore(it), { name: 'another' }), /^P8: the key store is called another, not renamed$/],
    [
      'P8, when the key store is not connected',
      (it) => change(ownStore(it), { connection: { state: 'FAILED' } }),
      /^P8: the key store is FAILED, not CONNECTED$/,
    ],
    [
      'P8, when the key store is on another cluster',
      (it) => change(ownStore(it), { clusterId: 'another' }),
      /^P8: the key store is on another, not on cluster-\w+$/,
    ],
    [
      'P8, when there is no key store',
      (it) => change(ownStore(it), { keyStoreId: 'another' }),
      /^P8: the stack is UPDATE_COMPLETE, and KMS has no key store cks-\w+$/,
    ],
    [
      'P11, when a call is denied',
      ({ account }) => add(account.aws.iam.state.denials, { time: 0, role: 'a-role', action: 'kms:CreateKey', resource: '*', transient: false }),
      /^P11: a-role may not kms:CreateKey on \*$/,
    ],
    [
      'P12, when the script prints what nobody knows',
      (it) => change(commandsOf(it)[0], { stdout: 'bash: kmsuser: command not found\n' }),
      /^P12: the command to inspect printed: bash/,
    ],
    [
      'P12, when the script complains',
      (it) => change(commandsOf(it)[0], { stderr: 'line 7: key: unbound variable\n' }),
      /^P12: the command to inspect complained: line 7/,
    ],
    [
      'P12, when the script ends in no way of its own',
      (it) => change(commandsOf(it)[0], { responseCode: 127 }),
      /^P12: the command to inspect ended with 127$/,
    ],
    [
      'P12, when the CLI is given shell text',
      (_it, { seen }) => add(seen.commands, { time: 0, args: ['user', 'list', '--cluster-id', '$(id)'], env: {} }),
      /^P12: cloudhsm-cli was called as \["user","list","--cluster-id","\$\(id\)"\]$/,
    ],
    [
      "P15, when a version of the admin's secret costs two refused logins",
      (it, { seen }) => {
        const { now: time } = it.account.aws.clock;
        const refused = { time, args: ['user', 'delete', '--username', 'kmsuser'], env: { CLOUDHSM_PIN: `admin:${it.adminPassword}` }, login: false };
        return add(seen.commands, refused, refused);
      },
      /^P15: version [0-9a-f-]{36} of the admin's secret has cost stack 1 2 refused logins$/,
    ],
    [
      'when something is not modelled',
      ({ account }) => add(account.aws.refusals, 'The simulator does not model snow'),
      /^simulator: The simulator does not model snow$/,
    ],
  ])('%s', (_title, breakIt, line) => {
    const broken = brokenBy(breakIt);
    expect(broken).toHaveLength(1);
    expect(broken[0]).toMatch(line);
  });

  it.each<[string, (secret: string) => string]>([
    ['as it is', (secret) => secret],
    ['in JSON', (secret) => JSON.stringify({ secret })],
    ['in JSON that stands in JSON', (secret) => JSON.stringify(JSON.stringify({ secret }))],
    ['in base64', (secret) => Buffer.from(secret).toString('base64')],
    ['in base64 behind one byte', (secret) => Buffer.from(`:${secret}:`).toString('base64')],
    ['in base64 behind two bytes', (secret) => Buffer.from(`::${secret}::`).toString('base64')],
    ['in hexadecimal digits', (secret) => Buffer.from(secret).toString('hex')],
    ['in upper-case hexadecimal digits', (secret) => Buffer.from(secret).toString('hex').toUpperCase()],
    ['in a URL', (secret) => `?p=${encodeURIComponent(secret)}`],
    ['in a form', (secret) => new URLSearchParams({ secret }).toString()],
    ['in quotes of a shell', (secret) => `'${secret.replaceAll("'", "'\\''")}'`],
    ['escaped for a shell', (secret) => execFileSync('bash', ['-c', 'printf %q "$1"', 'bash', secret], { encoding: 'utf8' })],
  ])('P10, when a log has a secret %s', (_form, write) => {
    expect(brokenBy((_it, { seen }) => add(seen.logs, `before ${write(world.adminPassword)} after`))).toEqual(['P10: the admin password in logs']);
    const [, kmsuser = ''] = [...before.seen.storePasswords];
    expect(brokenBy((_it, { seen }) => add(seen.logs, `before ${write(kmsuser)} after`))).toEqual(['P10: a password that KMS had for kmsuser in logs']);
  });

  it.each<[string, (secret: string) => Break]>([
    ['executions: inputs, outputs, histories', (secret) => (it) => change(executionsOf(it)[0], { output: JSON.stringify({ secret }) })],
    ['commands: parameters and outputs', (secret) => (it) => change(commandsOf(it)[0], { comment: secret })],
    ['events that were published', (secret) => (_it, { seen }) => add<object>(seen.events, { detail: secret })],
    ['functions', (secret) => ({ account }) => change(Object.values(account.lambda.state.functions)[0], { environment: { SECRET: secret } })],
    ['state machines', (secret) => ({ account }) => change(Object.values(account.states.state.machines)[0], { definition: secret })],
    ['stacks: events, outputs, parameters', (secret) => ({ account }) => change(account.cloudFormation.stack(STACK), { outputs: { oSecret: secret } })],
    ['answers to CloudFormation', (secret) => (it) => change(lastAnswer(it), { physicalId: secret })],
    ['calls and their errors', (secret) => (it, { seen }) => add(seen.calls, { ...callOfRole(it, 'kms', 'DescribeCustomKeyStores', {}), error: secret })],
    ['rules and deliveries', (secret) => ({ account }) => change(Object.values(account.events.state.rules)[0], { pattern: { secret } })],
    ['policies and denials', (secret) => ({ account }) => change(Object.values(account.aws.iam.state.roles)[0], { id: secret })],
    [
      'files of the client',
      (secret) => ({ account }) => {
        const file = path.join(account.ssm.state.instances[0]?.folder ?? '', 'orchestration/stdout');
        writeFileSync(file, secret);
        return () => rmSync(file);
      },
    ],
  ])('P10, when a password stands in %s', (where, put) => {
    const [, kmsuser = ''] = [...before.seen.storePasswords];
    expect(brokenBy(put(kmsuser))).toEqual([`P10: a password that KMS had for kmsuser in ${where}`]);
  });

  it.each([
    ["the admin's login to change nothing", ['user', 'list'], (it: World) => ({ CLOUDHSM_PIN: `admin:${it.adminPassword}` })],
    ["the admin's password to change nothing", ['user', 'list', '--cluster-id', 'Adm1n *"$(id)\'\\ %'], () => ({})],
    ["the admin's password for kmsuser", ['user', 'create', '--username', 'kmsuser', '--password', 'Adm1n *"$(id)\'\\ %'], () => ({})],
  ])('P10, when a run of the CLI gets %s', (_what, args, env) => {
    const broken = brokenBy((it, { seen }) => add(seen.commands, { time: 0, args, env: env(it) }));
    expect(broken[0]).toBe('P10: the admin password in arguments and environment of cloudhsm-cli');
  });

  it("P10, when a run of the CLI gets kmsuser's password in another place as well", () => {
    const [, kmsuser = ''] = [...before.seen.storePasswords];
    const args = ['user', 'create', '--username', kmsuser, '--password', kmsuser];
    expect(brokenBy((_it, { seen }) => add(seen.commands, { time: 0, args, env: {} }))).toContain('P10: a password that KMS had for kmsuser in arguments and environment of cloudhsm-cli');
  });

  it('not when a person says that a call may be denied', () => {
    const { denials } = world.account.aws.iam.state;
    const undo = add(denials, { time: 0, role: 'a-role', action: 'kms:CreateKey', resource: '*', transient: false });
    expect(brokenPromises(world, before, { denies: [/^a-role may not kms:CreateKey/] })).toEqual([]);
    undo();
  });

  it('not when the key store was out of work before the update that was rolled back', () => {
    const stack = world.account.cloudFormation.stack(STACK);
    const undo = [change(ownStore(world), { connection: { state: 'DISCONNECTED' } }), change(stack, { status: 'UPDATE_ROLLBACK_COMPLETE' })];
    expect(brokenPromises(world, before)).toEqual(['P8: the key store is DISCONNECTED, not CONNECTED']);
    expect(brokenPromises(world, before, { brokenBefore: true })).toEqual([]);
    change(stack, { status: 'UPDATE_COMPLETE' });
    expect(brokenPromises(world, before, { brokenBefore: true })).toEqual(['P8: the key store is DISCONNECTED, not CONNECTED']);
    undo.forEach((one) => one());
  });

  it('not when a person says that they had their hands in it', () => {
    const undo = change(ownStore(world), { connection: { state: 'DISCONNECTED' } });
    expect(brokenPromises(world, before)).toEqual(['P8: the key store is DISCONNECTED, not CONNECTED']);
    expect(brokenPromises(world, before, { interfered: true })).toEqual([]);
    undo();
  });
});

describe('a stack that is gone', () => {
  it('must have left nothing, and can be created again', async () => {
    expect(await life.delete()).toBe('DELETE_COMPLETE');
    await life.pass(600);
    expect(brokenPromises(world, before)).toEqual([]);
    const { account, clusterId } = world;
    const file = path.join(account.ssm.state.instances[0]?.folder ?? '', 'run/key.pem');
    const theirs = otherStore(world);
    if (!theirs) throw new Error("There is no key store of somebody else's");
    const breaks: [Break, string][] = [
      [(it) => add(storesOf(it), { ...theirs, keyStoreId: 'cks-ours', clusterId }), 'key store cks-ours (DISCONNECTED)'],
      [
        () => {
          writeFileSync(file, '');
          return () => rmSync(file);
        },
        'file key.pem on the client',
      ],
      [
        (it) => {
          const kmsuser: HsmUser = { username: 'kmsuser', role: 'crypto-user', password: 'a-password', refusedLogins: 0, ownsKeys: false, loggedIn: false };
          return add(it.account.cloudHsm.cluster(clusterId).hsms[0]?.users ?? [], kmsuser);
        },
        'user kmsuser in the cluster',
      ],
      [(it) => change(executionsOf(it)[0], { status: 'RUNNING' }), expect.stringContaining('running execution cloudhsm-1-create-key-store') as string],
    ];
    for (const [breakIt, left] of breaks) {
      const broken = brokenBy(breakIt);
      expect(broken.map((line) => line.replace('P4: left over: ', ''))).toEqual([left]);
    }
    const undoStore = add(storesOf(world), { ...theirs, keyStoreId: 'cks-ours', clusterId });
    expect(brokenPromises(world, before, { leaves: ['key store cks-ours (DISCONNECTED)'] })).toEqual([]);
    expect(brokenPromises(world, before, { leaves: [/^key store/] })).toEqual([]);
    undoStore();
    const undo = change(account.cloudHsm.cluster(clusterId), { state: 'DEGRADED' });
    expect(await createAgain(world, before)).toEqual([expect.stringMatching(/^P6: the new stack is ROLLBACK_COMPLETE: .*The cluster is not ACTIVE/)]);
    undo();
    expect(await createAgain(world, before)).toEqual([]);
    expect(brokenPromises(world, before)).toEqual([]);
  });

  it.each([
    ['without keys, beside which the create fails until it is removed', () => undefined],
    ['with KMS keys, beside which the create fails', ({ account }: World) => account.kms.addKey(account.kms.state.keyStores[0]?.keyStoreId ?? '')],
  ])('may leave a key store that is to be kept, %s', async (_title, prepare) => {
    const kept = await openWorld({ keyPool });
    try {
      const beforeIt = remember(kept);
      const itsLife = lead(kept);
      await itsLife.create();
      prepare(kept);
      expect(await itsLife.delete()).toBe('DELETE_COMPLETE');
      await itsLife.pass(600);
      expect(brokenPromises(kept, beforeIt)).toEqual([]);
      const undo = change(storesOf(kept)[0], { connection: { state: 'CONNECTED' } });
      expect(brokenPromises(kept, beforeIt)).toEqual([expect.stringMatching(/^P4: left over: key store cks-\w+ \(CONNECTED\)$/)]);
      undo();
      const [store] = storesOf(kept);
      const { hsms } = kept.account.cloudHsm.cluster(kept.clusterId);
      const undoUser = change(hsms[1], { users: hsms[1]?.users.filter(({ username }) => username !== 'kmsuser') ?? [] });
      expect(brokenPromises(kept, beforeIt)).toEqual([`P4: not kept: the kmsuser of key store ${store?.keyStoreId} in ${kept.clusterId}`]);
      undoUser();
      const undoStore = change(kept.account.kms.state, { keyStores: [] });
      expect(brokenPromises(kept, beforeIt)).toContain(`P4: not kept: key store ${store?.keyStoreId}`);
      undoStore();
      expect(await createAgain(kept, beforeIt)).toEqual([]);
    } finally {
      await kept.account.close();
    }
  });
});

it('many texts are found at once, and no others', () => {
  let state = 1;
  const next = (below: number): number => (state = (state * 48_271) % 2_147_483_647) % below;
  const word = (length: number): string => Array.from({ length }, () => 'ab'[next(2)]).join('');
  for (let round = 0; round < 200; round++) {
    const needles = Array.from({ length: 5 }, () => word(7 + next(4)));
    const text = word(next(400));
    expect([...findAny(needles)(text)].sort()).toEqual([...new Set(needles)].filter((needle) => text.includes(needle)).sort());
  }
  expect(() => findAny(['short'])).toThrow('Too short to be searched for: 5 characters');
});
