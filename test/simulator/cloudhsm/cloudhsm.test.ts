import { X509Certificate } from 'node:crypto';
import { LocalAws, type JsonObject } from '../../../simulator/aws';
import type { CliConfiguration } from '../../../simulator/cloudhsm/cli-configuration';
import { CloudHsm, type NewCluster } from '../../../simulator/cloudhsm/cloudhsm';
import type { CliEnvironment } from '../../../simulator/cloudhsm/cloudhsm-cli';
import { exampleCertificates } from '../../../simulator/cloudhsm/example-certificates';
import { timings } from '../../../simulator/timings';

const adminPassword = 'correct horse';
const asAdmin: CliEnvironment = { CLOUDHSM_ROLE: 'admin', CLOUDHSM_PIN: `admin:${adminPassword}` };
const createUser = ['user', 'create', '--username', 'KmsUser', '--role', 'crypto-user', '--password', 'abcdefgh12345678'];
const deleteUser = ['user', 'delete', '--username', 'kmsuser', '--role', 'crypto-user'];

function world(options: Pick<NewCluster, 'quorum' | 'hsmType'> & { client?: Partial<CliConfiguration> } = {}) {
  const aws = new LocalAws();
  const cloudHsm = new CloudHsm(aws);
  const { client, ...more } = options;
  const clusterId = cloudHsm.addCluster({ zones: ['eu-central-1a', 'eu-central-1b'], adminPassword, ...more });
  const configuration: CliConfiguration = { version: '5.17.2', clusters: [clusterId], customerCa: exampleCertificates.trustAnchor, ...client };
  const play = <T>(promise: Promise<T>): Promise<T> => aws.clock.runUntilSettled(promise);
  const cli = async (args: string[], env: CliEnvironment = {}) => {
    const { exitCode, stdout } = await play(cloudHsm.run(configuration, args, env));
    return { exitCode, answer: JSON.parse(stdout) as { error_code: number; data: JsonObject & string } };
  };
  const users = async () => ((await cli(['user', 'list'])).answer.data['users'] as JsonObject[]).map((user) => `${String(user['username'])} ${String(user['role'])} ${String(user['locked'])} ${String(user['cluster-coverage'])}`);
  const describe = (input: JsonObject) => play(aws.call(aws.iam.deployer, 'cloudhsm', 'DescribeClusters', input));
  return { aws, cloudHsm, clusterId, configuration, play, cli, users, describe };
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

  it('shows several clusters by their ids, and no other, also in pages', async () => {
    const { describe, cloudHsm, clusterId } = world();
    const [second = '', third = ''] = [1, 2].map(() => cloudHsm.addCluster({ zones: ['eu-central-1a'], adminPassword }));
    const Filters = { clusterIds: [third, 'cluster-aaaaaaaaaaa', clusterId] };
    expect((await describe({ Filters }))['Clusters']).toMatchObject([{ ClusterId: clusterId }, { ClusterId: third }]);
    const first = await describe({ Filters, MaxResults: 1 });
    expect(first['Clusters']).toMatchObject([{ ClusterId: clusterId }]);
    const last = await describe({ Filters, MaxResults: 1, NextToken: first['NextToken'] ?? null });
    expect(last).toEqual({ Clusters: [expect.objectContaining({ ClusterId: third })] });
    expect(JSON.stringify([first, last])).not.toContain(second);
  });

  it('never shows a password', async () => {
    expect(JSON.stringify(await world().describe({}))).not.toContain(adminPassword);
  });

  it('gives cluster certificates that the trust anchor signed, and the other CA of that name did not', () => {
    const clusters = exampleCertificates.clusterCertificates.map((pem) => new X509Certificate(pem));
    const anchor = new X509Certificate(exampleCertificates.trustAnchor);
    const other = new X509Certificate(exampleCertificates.otherTrustAnchor);
    expect(clusters.map((cluster) => [cluster.verify(anchor.publicKey), cluster.verify(other.publicKey)])).toEqual(clusters.map(() => [true, false]));
    expect([other.ca, other.subject, other.fingerprint256 === anchor.fingerprint256]).toEqual([true, anchor.subject, false]);
  });

  it('gives each lineage a certificate with a key of its own, and relatives the same', async () => {
    const { describe, cloudHsm, clusterId } = world();
    const more = { zones: ['eu-central-1a', 'eu-central-1b'], adminPassword };
    const stranger = cloudHsm.addCluster(more);
    const restored = cloudHsm.addCluster({ ...more, lineage: stranger });
    const shown = (await describe({}))['Clusters'] as { ClusterId: string; Certificates: { ClusterCertificate: string } }[];
    const keys = [clusterId, stranger, restored].map((id) => {
      const pem = shown.find(({ ClusterId }) => ClusterId === id)?.Certificates.ClusterCertificate ?? '';
      return new X509Certificate(pem).publicKey.export({ format: 'pem', type: 'spki' });
    });
    expect(keys[1]).not.toBe(keys[0]);
    expect(keys[2]).toBe(keys[1]);
  });

  it('refuses more lineages than it has certificates for', () => {
    const { cloudHsm } = world();
    const add = (lineage?: string) => cloudHsm.addCluster({ zones: ['eu-central-1a'], adminPassword, ...(lineage !== undefined && { lineage }) });
    while (cloudHsm.state.clusters.length < exampleCertificates.clusterCertificates.length) add();
    expect(new Set(cloudHsm.state.clusters.map((cluster) => cluster.clusterCertificate)).size).toBe(cloudHsm.state.clusters.length);
    expect(() => add()).toThrow('does not model more than 14 lineages');
    expect(() => add(cloudHsm.state.clusters[3]?.clusterId)).not.toThrow();
  });

  it('shows the network, the certificate and the type of a cluster, and the state of each HSM', async () => {
    const { describe, cloudHsm } = world();
    const clusterId = cloudHsm.addCluster({ zones: ['eu-central-1a', 'eu-central-1b'], adminPassword, hsmType: 'hsm2m.medium' });
    const { vpcId, securityGroup, subnetMapping, hsms } = cloudHsm.cluster(clusterId);
    cloudHsm.setHsmState(clusterId, hsms[1]?.hsmId ?? '', 'DELETE_IN_PROGRESS');
    const answer = await describe({ Filters: { clusterIds: [clusterId] } });
    expect(answer['Clusters']).toMatchObject([
      {
        HsmType: 'hsm2m.medium',
        VpcId: vpcId,
        SecurityGroup: securityGroup,
        SubnetMapping: { 'eu-central-1a': hsms[0]?.subnetId, 'eu-central-1b': hsms[1]?.subnetId },
        Certificates: { ClusterCertificate: exampleCertificates.clusterCertificates[1] },
        Mode: 'FIPS',
        NetworkType: 'IPV4',
        Hsms: [{ State: 'ACTIVE', SubnetId: subnetMapping['eu-central-1a'] }, { State: 'DELETE_IN_PROGRESS' }],
      },
    ]);
  });

  it('shows no certificate before the cluster is initialized', async () => {
    const { describe, cloudHsm, clusterId } = world();
    cloudHsm.setClusterState(clusterId, 'UNINITIALIZED');
    expect((await describe({}))['Clusters']).toMatchObject([{ State: 'UNINITIALIZED', Certificates: {} }]);
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

  describe('user change-password', () => {
    const changePassword = ['user', 'change-password', '--username', 'KmsUser', '--role', 'crypto-user', '--password', 'stuvwxyz87654321'];
    const kmsuser = { username: 'kmsuser', role: 'crypto-user' as const, password: 'abcdefgh12345678' };
    const passwords = (it: ReturnType<typeof world>) => it.cloudHsm.cluster(it.clusterId).hsms.map(({ users }) => users.find(({ username }) => username === 'kmsuser')?.password);

    it('gives a user another password on every HSM with one login, and takes its time', async () => {
      const it = world();
      it.cloudHsm.putUser(it.clusterId, kmsuser);
      const started = it.aws.clock.now;
      expect(await it.cli(changePassword, asAdmin)).toEqual({ exitCode: 0, answer: { error_code: 0, data: { username: 'kmsuser', role: 'crypto-user' } } });
      expect(it.aws.clock.now - started).toBe(timings.cliChange);
      expect(passwords(it)).toEqual(['stuvwxyz87654321', 'stuvwxyz87654321']);
      expect(it.cloudHsm.state.logins).toMatchObject([{ username: 'admin', accepted: true }]);
    });

    it('unlocks a user', async () => {
      const { cli, users, cloudHsm, clusterId } = world();
      cloudHsm.putUser(clusterId, { ...kmsuser, refusedLogins: 5 });
      expect(await users()).toContain('kmsuser crypto-user true full');
      expect((await cli(changePassword, asAdmin)).exitCode).toBe(0);
      expect(await users()).toContain('kmsuser crypto-user false full');
    });

    it.each<[string, Partial<Parameters<CloudHsm['putUser']>[1]> | undefined, string[], CliEnvironment, string]>([
      ['of a user who is logged in', { loggedIn: true }, changePassword, asAdmin, 'Specified user is logged in'],
      ['of a user who is not there', undefined, changePassword, asAdmin, 'Specified user does not exist'],
      ['of a user with another role', { role: 'admin' }, changePassword, asAdmin, 'Specified user does not exist'],
      ['without a password and a terminal', {}, changePassword.slice(0, 6), asAdmin, 'without a terminal'],
      ['with a password of 7 characters', {}, [...changePassword.slice(0, 7), 'abcdefg'], asAdmin, '8 to 32'],
      ['with a password of 33 characters', {}, [...changePassword.slice(0, 7), 'a'.repeat(33)], asAdmin, '8 to 32'],
      ['without a login', {}, changePassword, {}, 'needs a login'],
      ['with a wrong login', {}, changePassword, { ...asAdmin, CLOUDHSM_PIN: 'admin:wrong' }, 'Login failed'],
    ])('is refused %s, and changes nothing', async (_title, more, args, env, message) => {
      const it = world();
      if (more) it.cloudHsm.putUser(it.clusterId, { ...kmsuser, ...more });
      const before = passwords(it);
      const { exitCode, answer } = await it.cli(args, env);
      expect([exitCode, answer.error_code, answer.data]).toEqual([1, 1, expect.stringContaining(message)]);
      expect(passwords(it)).toEqual(before);
    });

    it('is refused where the user is on some HSMs only, until it is created on the others', async () => {
      const it = world();
      it.cloudHsm.putUser(it.clusterId, kmsuser, it.cloudHsm.cluster(it.clusterId).hsms[0]?.hsmId);
      expect((await it.cli(changePassword, asAdmin)).answer.data).toBe('Specified user is inconsistent across the cluster');
      expect(passwords(it)).toEqual([kmsuser.password, undefined]);
      expect((await it.cli(createUser, asAdmin)).exitCode).toBe(0);
      expect((await it.cli(changePassword, asAdmin)).exitCode).toBe(0);
      expect(passwords(it)).toEqual(['stuvwxyz87654321', 'stuvwxyz87654321']);
    });

    it('is refused where a quorum is needed', async () => {
      const { cli, cloudHsm, clusterId } = world({ quorum: 2 });
      cloudHsm.putUser(clusterId, kmsuser);
      expect((await cli(changePassword, asAdmin)).answer.data).toBe('Quorum approval is required for this operation');
    });
  });

  it('refuses changes where a quorum is needed', async () => {
    expect((await world({ quorum: 2 }).cli(createUser, asAdmin)).answer.data).toBe('Quorum approval is required for this operation');
  });

  it('fails when no HSM answers', async () => {
    const { cli, cloudHsm, clusterId } = world();
    cloudHsm.setReachable(clusterId, false);
    expect(await cli(['user', 'list'])).toMatchObject({ exitCode: 1, answer: { error_code: 1 } });
  });

  it('tells its version, without an HSM', async () => {
    const { play, cloudHsm, configuration } = world({ client: { version: '5.18.1', clusters: [] } });
    expect(await play(cloudHsm.run(configuration, ['--version'], {}))).toEqual({ exitCode: 0, stdout: 'cloudhsm-cli 5.18.1\n', stderr: '' });
  });

  it('lists the HSMs of hsm2m.medium in the same form', async () => {
    const { answer } = await world({ hsmType: 'hsm2m.medium' }).cli(['cluster', 'hsm-info']);
    expect(answer.data['hsms']).toMatchObject([{ 'fips-state': '2 [FIPS mode with single factor authentication]' }, { vendor: 'Marvell Semiconductors, Inc.' }]);
  });

  describe('quorum', () => {
    const listValues = ['quorum', 'token-sign', 'list-quorum-values'];

    it.each([
      ['hsm1.medium', 0, { user: 1, quorum: 1 }],
      ['hsm1.medium', 2, { user: 2, quorum: 1 }],
      ['hsm2m.medium', 3, { user: 3, quorum: 1, cluster: 1 }],
    ] as const)('of %s with %d is shown by service, without a login', async (hsmType, quorum, values) => {
      const { cli, cloudHsm } = world({ hsmType, quorum });
      expect(await cli(listValues)).toEqual({ exitCode: 0, answer: { error_code: 0, data: values } });
      expect(cloudHsm.state.logins).toEqual([]);
    });

    it('of 1 asks for nobody’s approval', async () => {
      expect((await world({ quorum: 1 }).cli(createUser, asAdmin)).exitCode).toBe(0);
    });
  });

  describe('an admin', () => {
    const admin = async (cli: ReturnType<typeof world>['cli']) => ((await cli(['user', 'list'])).answer.data['users'] as JsonObject[]).find((user) => user['role'] === 'admin');
    const enabled = [{ strategy: 'token-sign', status: 'enabled' }];

    it('with MFA is shown with it, and does not log in by PIN', async () => {
      const { cli, cloudHsm, clusterId } = world();
      cloudHsm.putUser(clusterId, { username: 'admin', role: 'admin', password: adminPassword, mfa: true });
      expect(await admin(cli)).toMatchObject({ mfa: enabled, quorum: [] });
      expect((await cli(createUser, asAdmin)).answer.data).toContain('Login failed');
      expect(cloudHsm.state.logins).toMatchObject([{ username: 'admin', accepted: false }]);
    });

    it('with a key for quorum approvals is shown with it, and works alone while the value is 1', async () => {
      const { cli, cloudHsm, clusterId } = world();
      cloudHsm.putUser(clusterId, { username: 'admin', role: 'admin', password: adminPassword, quorumKey: true });
      expect(await admin(cli)).toMatchObject({ mfa: [], quorum: enabled });
      expect((await cli(createUser, asAdmin)).exitCode).toBe(0);
    });

    it('whose HSMs disagree about MFA is shown so', async () => {
      const { cli, cloudHsm, clusterId } = world();
      cloudHsm.putUser(clusterId, { username: 'admin', role: 'admin', password: adminPassword, mfa: true }, cloudHsm.cluster(clusterId).hsms[0]?.hsmId);
      expect(await admin(cli)).toMatchObject({ mfa: [{ strategy: 'token-sign', status: 'inconsistent' }] });
    });

    it('who is locked is shown so', async () => {
      const { users, cloudHsm, clusterId } = world();
      cloudHsm.putUser(clusterId, { username: 'admin', role: 'admin', password: adminPassword, refusedLogins: 5 });
      expect(await users()).toContain('admin admin true full');
    });
  });

  describe('mTLS', () => {
    it('when enforced shuts out a client without a certificate of its own', async () => {
      const { cli, cloudHsm, clusterId } = world({ hsmType: 'hsm2m.medium' });
      cloudHsm.setMtlsEnforcement(clusterId, 'cluster');
      expect((await cli(['user', 'list'])).answer).toEqual({ error_code: 1, data: 'HSM is disconnected' });
    });
  });

  describe('with several clusters', () => {
    const two = () => {
      const { cloudHsm, clusterId, configuration, cli } = world();
      const other = cloudHsm.addCluster({ zones: ['eu-central-1a'], adminPassword });
      configuration.clusters = [other, clusterId];
      return { cli, cloudHsm, clusterId, other };
    };

    it.each([[['user', 'list']], [createUser], [['quorum', 'token-sign', 'list-quorum-values']]])('fails on %j without a --cluster-id, before any login', async (args) => {
      const { cli, cloudHsm } = two();
      const { exitCode, answer } = await cli(args, asAdmin);
      expect([exitCode, answer.data]).toEqual([1, expect.stringContaining('specify `cluster-id`')]);
      expect(cloudHsm.state.logins).toEqual([]);
    });

    it('works on the cluster that it is told', async () => {
      const { cli, clusterId, other, cloudHsm } = two();
      expect((await cli(['cluster', 'hsm-info', '--cluster-id', clusterId])).answer.data['hsms']).toHaveLength(2);
      expect((await cli(['cluster', 'hsm-info', '--cluster-id', other])).answer.data['hsms']).toHaveLength(1);
      expect((await cli([...createUser, '--cluster-id', clusterId], asAdmin)).exitCode).toBe(0);
      expect(cloudHsm.cluster(other).hsms[0]?.users.map(({ username }) => username)).not.toContain('kmsuser');
      expect(cloudHsm.state.logins).toMatchObject([{ clusterId }]);
    });
  });

  it.each([
    ['5.11.0', ['user', 'list', '--cluster-id', 'cluster-aaaaaaaaaaa'], "unexpected argument '--cluster-id'"],
  ])('of version %s does not know %j', async (version, args, message) => {
    const { play, cloudHsm, configuration } = world({ client: { version } });
    expect(await play(cloudHsm.run(configuration, args, {}))).toEqual({ exitCode: 2, stdout: '', stderr: expect.stringContaining(message) as string });
  });

  it.each<[string, Parameters<typeof world>[0], string]>([
    ['was never configured', { client: { clusters: [] } }, 'hostname has invalid value'],
    ['has no certificate of the customer’s CA', { client: { customerCa: undefined } }, 'hsm_ca_file'],
    ['has something else in its place', { client: { customerCa: 'not a certificate' } }, 'hsm_ca_file'],
    ['has the certificate of another CA', { client: { customerCa: exampleCertificates.otherTrustAnchor } }, 'Unable to connect'],
    ['is too old for hsm2m.medium', { hsmType: 'hsm2m.medium', client: { version: '5.8.0' } }, 'Unable to connect'],
  ])('reaches no HSM when it %s', async (_title, options, message) => {
    const { exitCode, answer } = await world(options).cli(['user', 'list'], asAdmin);
    expect([exitCode, answer.data]).toEqual([1, expect.stringContaining(message)]);
  });

  it.each([[['key', 'list']], [['user', 'list', '--verbose', 'x']]])('does not model %j', async (args) => {
    const { play, cloudHsm, configuration } = world();
    await expect(play(cloudHsm.run(configuration, args, {}))).rejects.toThrow('does not model');
  });
});
