import { X509Certificate } from 'node:crypto';
import { LocalAws, type JsonObject } from '../../../simulator/aws';
import { CloudHsm } from '../../../simulator/cloudhsm/cloudhsm';
import type { CliEnvironment } from '../../../simulator/cloudhsm/cloudhsm-cli';
import { exampleCertificates } from '../../../simulator/cloudhsm/example-certificates';
import { timings } from '../../../simulator/timings';

const adminPassword = 'correct horse';
const asAdmin: CliEnvironment = { CLOUDHSM_ROLE: 'admin', CLOUDHSM_PIN: `admin:${adminPassword}` };
const createUser = ['user', 'create', '--username', 'KmsUser', '--role', 'crypto-user', '--password', 'abcdefgh12345678'];
const deleteUser = ['user', 'delete', '--username', 'kmsuser', '--role', 'crypto-user'];

function world(options: { quorum?: number } = {}) {
  const aws = new LocalAws();
  const cloudHsm = new CloudHsm(aws);
  const clusterId = cloudHsm.addCluster({ zones: ['eu-central-1a', 'eu-central-1b'], adminPassword, ...options });
  const play = <T>(promise: Promise<T>): Promise<T> => aws.clock.runUntilSettled(promise);
  const cli = async (args: string[], env: CliEnvironment = {}) => {
    const { exitCode, stdout } = await play(cloudHsm.run(clusterId, args, env));
    return { exitCode, answer: JSON.parse(stdout) as { error_code: number; data: JsonObject & string } };
  };
  const users = async () => ((await cli(['user', 'list'])).answer.data['users'] as JsonObject[]).map((user) => `${String(user['username'])} ${String(user['role'])} ${String(user['locked'])} ${String(user['cluster-coverage'])}`);
  const describe = (input: JsonObject) => play(aws.call(aws.iam.deployer, 'cloudhsm', 'DescribeClusters', input));
  return { aws, cloudHsm, clusterId, play, cli, users, describe };
}

describe('DescribeClusters', () => {
  it('shows a cluster with its HSMs, times in seconds', async () => {
    const { describe, clusterId, cloudHsm } = world();
    const answer = await describe({ Filters: { clusterIds: [clusterId] } });
    const [cluster] = answer['Clusters'] as JsonObject[];
    expect(cluster).toMatchObject({ ClusterId: clusterId, State: 'ACTIVE', CreateTimestamp: cloudHsm.cluster(clusterId).createdAt / 1000 });
    expect((cluster?.['Hsms'] as JsonObject[]).map((hsm) => hsm['AvailabilityZone'])).toEqual(['eu-central-1a', 'eu-central-1b']);
    expect(clusterId).toMatch(/^cluster-[2-7a-zA-Z]{11,16}$/);
  });

  it('answers an unknown id with an empty list', async () => {
    expect(await world().describe({ Filters: { clusterIds: ['cluster-aaaaaaaaaaa'] } })).toEqual({ Clusters: [] });
  });

  it.each([[{ MaxResults: 0 }], [{ MaxResults: 26 }], [{ NextToken: '9' }], [{ Filters: { names: ['x'] } }]])('refuses %j', async (input) => {
    await expect(world().describe(input)).rejects.toMatchObject({ code: 'CloudHsmInvalidRequestException' });
  });

  it('gives pages', async () => {
    const { describe, cloudHsm, clusterId } = world();
    const other = cloudHsm.addCluster({ zones: ['eu-central-1a'], adminPassword });
    const first = await describe({ MaxResults: 1 });
    expect(first['Clusters']).toMatchObject([{ ClusterId: clusterId }]);
    const second = await describe({ MaxResults: 1, NextToken: first['NextToken'] ?? null });
    expect(second['Clusters']).toMatchObject([{ ClusterId: other }]);
    expect(second).not.toHaveProperty('NextToken');
  });

  it('never shows a password', async () => {
    expect(JSON.stringify(await world().describe({}))).not.toContain(adminPassword);
  });

  it('gives a cluster certificate that the trust anchor signed', () => {
    const anchor = new X509Certificate(exampleCertificates.trustAnchor);
    expect(new X509Certificate(exampleCertificates.clusterCertificate).verify(anchor.publicKey)).toBe(true);
  });
});

describe('cloudhsm-cli', () => {
  it('lists users and HSMs without a login', async () => {
    const { users, cli, cloudHsm } = world();
    expect(await users()).toEqual(['admin admin false full', 'app_user internal(APPLIANCE_USER) false full']);
    expect((await cli(['cluster', 'hsm-info'])).answer.data['hsms']).toHaveLength(2);
    expect(cloudHsm.state.logins).toEqual([]);
  });

  it('creates a user on every HSM with one login, in lower case, and takes its time', async () => {
    const { aws, cli, users, cloudHsm } = world();
    const started = aws.clock.now;
    expect(await cli(createUser, asAdmin)).toEqual({ exitCode: 0, answer: { error_code: 0, data: { username: 'kmsuser', role: 'crypto-user' } } });
    expect(aws.clock.now - started).toBe(timings.cliChange);
    expect(aws.spans).toContainEqual({ what: 'cloudhsm-cli user create', from: started, to: aws.clock.now });
    expect(cloudHsm.state.logins).toMatchObject([{ username: 'admin', accepted: true }]);
    expect(await users()).toContain('kmsuser crypto-user false full');
  });

  it.each<[string, string[], CliEnvironment, string]>([
    ['without a login', createUser, {}, 'needs a login'],
    ['without a password and a terminal', createUser.slice(0, 6), asAdmin, 'without a terminal'],
    ['with a password of 7 characters', [...createUser.slice(0, 7), 'abcdefg'], asAdmin, '8 to 32'],
    ['with a password of 33 characters', [...createUser.slice(0, 7), 'a'.repeat(33)], asAdmin, '8 to 32'],
    ['for another cluster', [...createUser, '--cluster-id', 'cluster-aaaaaaaaaaa'], asAdmin, 'not configured'],
    ['with the wrong role', createUser, { ...asAdmin, CLOUDHSM_ROLE: 'crypto-user' }, 'Login failed'],
  ])('refuses to create a user %s', async (_title, args, env, message) => {
    const { cli, users } = world();
    const { exitCode, answer } = await cli(args, env);
    expect([exitCode, answer.error_code]).toEqual([1, 1]);
    expect(answer.data).toContain(message);
    expect((await users()).some((user) => user.startsWith('kmsuser'))).toBe(false);
  });

  it('refuses to create a user who is there', async () => {
    const { cli } = world();
    await cli(createUser, asAdmin);
    expect((await cli(createUser, asAdmin)).answer.data).toBe('Specified user already exists');
  });

  it('locks a user at the fifth refused login, then refuses even the right password', async () => {
    const { cli, users, cloudHsm } = world();
    const wrong = { CLOUDHSM_ROLE: 'admin', CLOUDHSM_PIN: 'admin:wrong' };
    for (let attempt = 1; attempt <= 4; attempt++) await cli(createUser, wrong);
    expect(await users()).toContain('admin admin false full');
    await cli(['user', 'list'], wrong);
    expect(await users()).toContain('admin admin true full');
    expect((await cli(createUser, asAdmin)).answer.data).toContain('USER locked');
    expect(cloudHsm.state.logins).toHaveLength(6);
  });

  it('starts the count of refusals anew after an accepted login', async () => {
    const { cli, users } = world();
    const wrong = { CLOUDHSM_ROLE: 'admin', CLOUDHSM_PIN: 'admin:wrong' };
    for (let attempt = 1; attempt <= 4; attempt++) await cli(['user', 'list'], wrong);
    await cli(['user', 'list'], asAdmin);
    await cli(['user', 'list'], wrong);
    expect(await users()).toContain('admin admin false full');
  });

  it('reaches only the active HSMs that its configuration lists, so a user may be on some only', async () => {
    const { cli, users, cloudHsm, clusterId } = world();
    const unknown = cloudHsm.addHsm(clusterId, 'eu-central-1c', { knownToClient: false });
    await cli(createUser, asAdmin);
    expect(await users()).toContain('kmsuser crypto-user false full');
    for (const hsm of cloudHsm.cluster(clusterId).hsms) hsm.knownToClient = true;
    expect(await users()).toContain('kmsuser crypto-user false inconsistent');
    expect((await cli(createUser, asAdmin)).exitCode).toBe(0);
    expect(await users()).toContain('kmsuser crypto-user false full');
    cloudHsm.setHsmState(clusterId, unknown, 'DEGRADED');
    expect((await cli(['cluster', 'hsm-info'])).answer.data['hsms']).toHaveLength(2);
  });

  it.each([
    ['owns keys', { ownsKeys: true }],
    ['is logged in', { loggedIn: true }],
  ])('refuses to delete a user who %s', async (message, flag) => {
    const { cli, cloudHsm, clusterId, users } = world();
    cloudHsm.putUser(clusterId, { username: 'kmsuser', role: 'crypto-user', password: 'x'.repeat(8), ...flag });
    expect((await cli(deleteUser, asAdmin)).answer.data).toContain(message);
    expect(await users()).toContain('kmsuser crypto-user false full');
  });

  it('deletes a user, and says so when there is none', async () => {
    const { cli, users } = world();
    await cli(createUser, asAdmin);
    expect((await cli(deleteUser, asAdmin)).answer).toEqual({ error_code: 0, data: { username: 'kmsuser', role: 'crypto-user' } });
    expect((await users()).some((user) => user.startsWith('kmsuser'))).toBe(false);
    expect((await cli(deleteUser, asAdmin)).answer.data).toBe('Specified user does not exist');
  });

  it('refuses changes where a quorum is needed', async () => {
    expect((await world({ quorum: 2 }).cli(createUser, asAdmin)).answer.data).toBe('Quorum approval is required for this operation');
  });

  it('fails when no HSM answers', async () => {
    const { cli, cloudHsm, clusterId } = world();
    cloudHsm.setReachable(clusterId, false);
    expect(await cli(['user', 'list'])).toMatchObject({ exitCode: 1, answer: { error_code: 1 } });
  });

  it.each([[['key', 'list']], [['user', 'list', '--verbose', 'x']]])('does not model %j', async (args) => {
    const { play, cloudHsm, clusterId } = world();
    await expect(play(cloudHsm.run(clusterId, args, {}))).rejects.toThrow('does not model');
  });
});
