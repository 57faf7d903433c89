import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Life } from './life';
import { openLife } from './life';

/** Every secret text of a life, with what it is. */
function secretsOf({ world }: Life): [string, string][] {
  const { cloudFormation, cloudHsm, kms, secrets } = world.account;
  const { requests } = cloudFormation.state.customResources;
  const passwords = secretValues(world.account.secrets.state).flatMap((value) => (value.startsWith('{') ? Object.values(JSON.parse(value) as object).filter(isPassword) : []));
  const seal = Object.values(secrets.state.secrets).filter(({ name }) => name.includes('Seal'));
  return [
    ['the admin password', world.adminPassword],
    ...[...new Set(passwords)].map((text): [string, string] => ["kmsuser's first password", text]),
    ...kms.state.keyStores.map(({ password }): [string, string] => ['the password that KMS gave kmsuser', password]),
    ...cloudHsm.cluster(world.clusterId).hsms.flatMap(({ users }) => users.filter(({ username }) => username === 'kmsuser').map(({ password }): [string, string] => ["kmsuser's password in the HSM", password])),
    ...seal.flatMap(({ versions }) => versions.map(({ value }): [string, string] => ['the seal key', 'SecretString' in value ? value.SecretString : value.SecretBinary])),
    ...Object.values(requests).flatMap(({ event, signature }): [string, string][] => [
      ['a ResponseURL', new URL(String(event.ResponseURL)).pathname],
      ['the signature of a ResponseURL', signature],
    ]),
  ];
}

function isPassword(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Za-z0-9]{32}$/.test(value);
}

function secretValues(state: { secrets: Record<string, { versions: { value: object }[] }> }): string[] {
  return Object.values(state.secrets).flatMap(({ versions }) => versions.flatMap(({ value }) => Object.values(value).map(String)));
}

/** Everything that somebody can read without being allowed to read the secrets: where it stands, and its text. */
function readable({ world }: Life, printed: string[]): [string, string][] {
  const { aws, cloudFormation, events, lambda, logs, ssm, states } = world.account;
  const { folder } = ssm.state.instances[0] ?? { folder: '' };
  const text = (value: unknown): string => JSON.stringify(value);
  return [
    ['executions: inputs, outputs, histories', text([states.state.executions, states.state.forgotten])],
    ['state machines', text(states.state.machines)],
    ['logs', text(logs.state)],
    ['commands: parameters and outputs', text(ssm.state)],
    ['events and rules', text(events.state)],
    ['events that were published', text(printed)],
    ['functions', text(lambda.state)],
    ['policies and denials', text(aws.iam.state)],
    ['stacks: events, outputs, properties', text(cloudFormation.state.stacks)],
    ['answers to CloudFormation', text(cloudFormation.answers.map(({ reason, physicalId, status }) => ({ reason, physicalId, status })))],
    ['calls and their errors', text([aws.calls, aws.refusals, aws.spans])],
    ['files of the client', filesBelow(folder)],
  ];
}

function filesBelow(folder: string): string {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(folder, name))
    .filter((file) => statSync(file, { throwIfNoEntry: false })?.isFile())
    .map((file) => readFileSync(file, 'latin1'))
    .join('\n');
}

/** The secrets that can be read, and where. A secret counts in any form that JSON or a log gives it. */
function leaks(life: Life, printed: string[], secrets = secretsOf(life)): string[] {
  const places = readable(life, printed);
  return secrets.flatMap(([what, secret]) => {
    const forms = [secret, JSON.stringify(secret).slice(1, -1), JSON.stringify(JSON.stringify(secret)).slice(3, -3), Buffer.from(secret).toString('base64').replace(/=+$/, '')];
    return places.filter(([, text]) => forms.some((form) => text.includes(form))).map(([where]) => `${what} in ${where}`);
  });
}

/** Everything that is published to EventBridge, as a listener to everything would see it. */
function listen({ world: { account } }: Life): string[] {
  const published: string[] = [];
  const publish = account.events.publish.bind(account.events);
  jest.spyOn(account.events, 'publish').mockImplementation((event) => {
    published.push(JSON.stringify(event));
    publish(event);
  });
  return published;
}

describe('no password, seal key or ResponseURL can be read anywhere', () => {
  it('after a whole life', async () => {
    const life = await openLife();
    const published = listen(life);
    expect(await life.create({ pDeleteKeyStoreUponStackDeletion: 'true' })).toBe('CREATE_COMPLETE');
    expect(await life.update({ pKeyStoreName: 'renamed' })).toBe('UPDATE_COMPLETE');
    const before = secretsOf(life);
    expect(new Set(before.map(([what]) => what)).size).toBe(7);
    expect(leaks(life, published)).toEqual([]);
    expect(await life.delete()).toBe('DELETE_COMPLETE');
    expect(published.length).toBeGreaterThan(6);
    expect(leaks(life, published, [...before, ...secretsOf(life)])).toEqual([]);
  });

  it.each([
    ['a connection that failed', ({ world }: Life) => world.account.kms.failNextConnect('INVALID_CREDENTIALS')],
    ['a login that was refused', ({ world }: Life) => void world.account.secrets.put('hsm/admin-password', { SecretString: 'wrong-Adm1n-passw0rd' })],
  ])('after %s, while the failed resources are still there', async (_title, breakIt) => {
    const life = await openLife();
    const published = listen(life);
    breakIt(life);
    expect(await life.createAndKeepWhatFailed()).toBe('CREATE_FAILED');
    expect(leaks(life, published)).toEqual([]);
    expect(readable(life, published).filter(([, text]) => text.includes('wrong-Adm1n-passw0rd'))).toEqual([]);
    expect(await life.delete()).toBe('DELETE_COMPLETE');
    expect(await life.left()).toEqual([]);
  });

  it('and would be found: each of them is, where it may be', async () => {
    const life = await openLife();
    await life.create();
    const held = JSON.stringify([life.world.account.secrets.state, life.world.account.cloudFormation.state.customResources, life.world.account.kms.state, life.world.account.cloudHsm.state]);
    expect(leaks(life, [`a quoted one: ${JSON.stringify(life.world.adminPassword)}`])).toEqual(['the admin password in events that were published']);
    for (const [what, secret] of secretsOf(life)) expect([what, held.includes(JSON.stringify(secret).slice(1, -1))]).toEqual([what, true]);
  });
});
