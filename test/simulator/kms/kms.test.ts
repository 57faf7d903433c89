import { LocalAws, type JsonObject } from '../../../simulator/aws';
import { CloudHsm, type NewCluster } from '../../../simulator/cloudhsm/cloudhsm';
import { exampleCertificates } from '../../../simulator/cloudhsm/example-certificates';
import type { Direction } from '../../../simulator/ec2/network';
import type { Permission } from '../../../simulator/iam/iam';
import type { ConnectionErrorCode, ConnectionState } from '../../../simulator/kms/key-store';
import { Kms, type KmsOptions } from '../../../simulator/kms/kms';
import { timings } from '../../../simulator/timings';

const password = 'abcdefgh12345678';
const zones = ['eu-central-1a', 'eu-central-1b'];

function world(options: KmsOptions & { seed?: number } = { staleReads: false }) {
  const aws = new LocalAws({ seed: options.seed ?? 1 });
  const cloudHsm = new CloudHsm(aws);
  const kms = new Kms(aws, cloudHsm, options);
  const newCluster = (more: Partial<NewCluster> = {}): string => {
    const id = cloudHsm.addCluster({ zones, adminPassword: 'x', ...more });
    cloudHsm.putUser(id, { username: 'kmsuser', role: 'crypto-user', password });
    return id;
  };
  const clusterId = newCluster();
  const call = (operation: string, input: JsonObject) => aws.clock.runUntilSettled(aws.call(aws.iam.deployer, 'kms', operation, input));
  const wanted = (more: JsonObject = {}): JsonObject => ({
    CustomKeyStoreName: 'store',
    CloudHsmClusterId: clusterId,
    KeyStorePassword: password,
    TrustAnchorCertificate: exampleCertificates.trustAnchor,
    ...more,
  });
  const create = async (more: JsonObject = {}) => String((await call('CreateCustomKeyStore', wanted(more)))['CustomKeyStoreId']);
  const shown = async (keyStoreId: string): Promise<JsonObject> => ((await call('DescribeCustomKeyStores', { CustomKeyStoreId: keyStoreId }))['CustomKeyStores'] as JsonObject[])[0] ?? {};
  const pass = (milliseconds: number) => aws.clock.runTo(aws.clock.now + milliseconds);
  const connect = async (keyStoreId: string) => {
    await call('ConnectCustomKeyStore', { CustomKeyStoreId: keyStoreId });
    await pass(timings.connect);
  };
  const bring = async (keyStoreId: string, state: ConnectionState) => {
    if (state === 'DISCONNECTED') return;
    if (state === 'FAILED') kms.failNextConnect('INTERNAL_ERROR');
    await call('ConnectCustomKeyStore', { CustomKeyStoreId: keyStoreId });
    if (state === 'CONNECTING') return;
    await pass(timings.connect);
    if (state === 'DISCONNECTING') await call('DisconnectCustomKeyStore', { CustomKeyStoreId: keyStoreId });
  };
  return { aws, cloudHsm, kms, clusterId, newCluster, call, create, wanted, shown, pass, connect, bring };
}

const states: ConnectionState[] = ['DISCONNECTED', 'CONNECTING', 'CONNECTED', 'FAILED', 'DISCONNECTING'];
/** KMS API reference: the states in which each operation is accepted, in the order of `states`. */
const table: [string, string, JsonObject, string][] = [
  ['Connect', 'ConnectCustomKeyStore', {}, 'yes yes yes no no'],
  ['Disconnect', 'DisconnectCustomKeyStore', {}, 'no yes yes yes no'],
  ['Update of the name', 'UpdateCustomKeyStore', { NewCustomKeyStoreName: 'other' }, 'yes no yes no no'],
  ['Update of the password', 'UpdateCustomKeyStore', { KeyStorePassword: 'another1' }, 'yes no no no no'],
  ['Update of name and password', 'UpdateCustomKeyStore', { NewCustomKeyStoreName: 'other', KeyStorePassword: 'another1' }, 'yes no no no no'],
  ['Delete', 'DeleteCustomKeyStore', {}, 'yes no no no no'],
];

describe('the states of a key store', () => {
  it.each(table.flatMap(([title, operation, input, row]) => states.map((state, index) => ({ title, operation, input, state, ok: row.split(' ')[index] === 'yes' }))))(
    '$title in $state: accepted $ok',
    async ({ operation, input, state, ok }) => {
      const { create, bring, call, shown } = world();
      const id = await create();
      await bring(id, state);
      expect((await shown(id))['ConnectionState']).toBe(state);
      const made = call(operation, { CustomKeyStoreId: id, ...input });
      if (ok) expect(await made).toEqual({});
      else await expect(made).rejects.toMatchObject({ code: 'CustomKeyStoreInvalidStateException', statusCode: 400 });
    },
  );

  it('a move to a related cluster needs DISCONNECTED', async () => {
    const { create, bring, call, newCluster, clusterId, shown } = world();
    const related = newCluster({ lineage: clusterId });
    const id = await create();
    await call('UpdateCustomKeyStore', { CustomKeyStoreId: id, CloudHsmClusterId: related });
    expect((await shown(id))['CloudHsmClusterId']).toBe(related);
    await bring(id, 'CONNECTED');
    await expect(call('UpdateCustomKeyStore', { CustomKeyStoreId: id, CloudHsmClusterId: clusterId })).rejects.toMatchObject({ code: 'CustomKeyStoreInvalidStateException' });
  });

  it('a disconnect overtakes a connect, and its time passes', async () => {
    const { create, call, pass, shown, aws } = world();
    const id = await create();
    await call('ConnectCustomKeyStore', { CustomKeyStoreId: id });
    await call('DisconnectCustomKeyStore', { CustomKeyStoreId: id });
    await pass(timings.disconnect);
    expect((await shown(id))['ConnectionState']).toBe('DISCONNECTED');
    await pass(timings.connect);
    expect((await shown(id))['ConnectionState']).toBe('DISCONNECTED');
    expect(aws.spans.filter(({ what }) => what === 'disconnect').map(({ from, to }) => to - from)).toEqual([timings.disconnect]);
  });
});

describe('connect', () => {
  it('logs in as kmsuser everywhere and makes a password that only KMS knows', async () => {
    const { create, connect, shown, cloudHsm, clusterId, call, pass } = world();
    const id = await create();
    await connect(id);
    expect(await shown(id)).toMatchObject({ ConnectionState: 'CONNECTED' });
    const users = () => cloudHsm.cluster(clusterId).hsms.map((hsm) => hsm.users.find((user) => user.username === 'kmsuser'));
    const [first, second] = users();
    expect(first?.password).toMatch(/^[A-Za-z0-9]{32}$/);
    expect(second?.password).toBe(first?.password);
    expect(first?.loggedIn).toBe(true);
    await call('DisconnectCustomKeyStore', { CustomKeyStoreId: id });
    await pass(timings.disconnect);
    expect(users().map((user) => user?.loggedIn)).toEqual([false, false]);
    const rotated = first?.password;
    await connect(id);
    expect((await shown(id))['ConnectionState']).toBe('CONNECTED');
    expect(users()[0]?.password).not.toBe(rotated);
  });

  it.each<[ConnectionErrorCode, string, (it: ReturnType<typeof world>) => void]>([
    ['USER_NOT_FOUND', 'kmsuser is missing on one HSM', ({ cloudHsm, clusterId }) => void cloudHsm.cluster(clusterId).hsms[1]?.users.splice(0)],
    ['USER_LOCKED_OUT', 'kmsuser is locked', ({ cloudHsm, clusterId }) => cloudHsm.putUser(clusterId, { username: 'kmsuser', role: 'crypto-user', password, refusedLogins: 5 })],
    ['USER_LOGGED_IN', 'somebody is logged in as kmsuser', ({ cloudHsm, clusterId }) => cloudHsm.putUser(clusterId, { username: 'kmsuser', role: 'crypto-user', password, loggedIn: true })],
    ['INVALID_CREDENTIALS', 'the password is another', ({ cloudHsm, clusterId }) => cloudHsm.putUser(clusterId, { username: 'kmsuser', role: 'crypto-user', password: 'another1' })],
    ['INSUFFICIENT_CLOUDHSM_HSMS', 'no HSM is active', ({ cloudHsm, clusterId }) => cloudHsm.cluster(clusterId).hsms.forEach((hsm) => (hsm.state = 'DEGRADED'))],
    ['CLUSTER_NOT_FOUND', 'the cluster is gone', ({ cloudHsm, clusterId }) => cloudHsm.setClusterState(clusterId, 'DELETED')],
    ['SUBNET_NOT_FOUND', 'a subnet of the cluster is gone', ({ cloudHsm, clusterId }) => cloudHsm.ec2.deleteSubnet(cloudHsm.cluster(clusterId).subnetMapping['eu-central-1b'] ?? '')],
    [
      'INSUFFICIENT_FREE_ADDRESSES_IN_SUBNET',
      'a subnet has no free address',
      ({ cloudHsm, clusterId }) => cloudHsm.ec2.setFreeAddresses(cloudHsm.cluster(clusterId).subnetMapping['eu-central-1b'] ?? '', 0),
    ],
    ['NETWORK_ERRORS', 'the world says so', ({ kms }) => kms.failNextConnect('NETWORK_ERRORS')],
  ])('fails with %s when %s, stays FAILED, and forgets the code with a disconnect', async (code, _title, spoil) => {
    const it = world();
    const id = await it.create();
    spoil(it);
    await it.connect(id);
    await it.pass(3_600_000);
    expect(await it.shown(id)).toMatchObject({ ConnectionState: 'FAILED', ConnectionErrorCode: code });
    await it.call('DisconnectCustomKeyStore', { CustomKeyStoreId: id });
    expect(await it.shown(id)).not.toHaveProperty('ConnectionErrorCode');
    await it.pass(timings.disconnect);
    expect(await it.shown(id)).toMatchObject({ ConnectionState: 'DISCONNECTED' });
  });

  it('is enough with one active HSM', async () => {
    const { create, connect, shown, cloudHsm, clusterId } = world();
    const id = await create();
    cloudHsm.setHsmState(clusterId, cloudHsm.cluster(clusterId).hsms[0]?.hsmId ?? '', 'DELETED');
    await connect(id);
    expect((await shown(id))['ConnectionState']).toBe('CONNECTED');
  });

  it('refuses at once a cluster that is not active, and leaves the store DISCONNECTED', async () => {
    const { create, call, shown, cloudHsm, clusterId } = world();
    const id = await create();
    cloudHsm.setClusterState(clusterId, 'UPDATE_IN_PROGRESS');
    await expect(call('ConnectCustomKeyStore', { CustomKeyStoreId: id })).rejects.toMatchObject({ code: 'CloudHsmClusterNotActiveException' });
    expect((await shown(id))['ConnectionState']).toBe('DISCONNECTED');
  });

  it.each<Direction>(['inbound', 'outbound'])('refuses at once a cluster whose group lost its %s rules, and leaves the store DISCONNECTED', async (direction) => {
    const { create, call, shown, cloudHsm, clusterId } = world();
    const id = await create();
    cloudHsm.ec2.revokeRules(cloudHsm.cluster(clusterId).securityGroup, direction);
    await expect(call('ConnectCustomKeyStore', { CustomKeyStoreId: id })).rejects.toMatchObject({ code: 'CloudHsmClusterInvalidConfigurationException' });
    expect((await shown(id))['ConnectionState']).toBe('DISCONNECTED');
  });

  it('takes the time that the world gives it', async () => {
    const { create, call, shown, pass, aws } = world({ staleReads: false, connectMillis: 30_000 });
    const id = await create();
    await call('ConnectCustomKeyStore', { CustomKeyStoreId: id });
    await pass(29_000 - timings.apiCall);
    expect((await shown(id))['ConnectionState']).toBe('CONNECTING');
    await pass(1_000);
    expect((await shown(id))['ConnectionState']).toBe('CONNECTED');
    expect(aws.spans.filter(({ what }) => what === 'connect').map(({ from, to }) => to - from)).toEqual([30_000]);
  });
});

describe('disconnect', () => {
  it('takes the time that the world gives it', async () => {
    const { create, connect, call, shown, pass, kms, aws } = world();
    const id = await create();
    await connect(id);
    kms.disconnectMillis = 20 * 60_000;
    await call('DisconnectCustomKeyStore', { CustomKeyStoreId: id });
    await pass(kms.disconnectMillis - timings.apiCall - 1_000);
    expect((await shown(id))['ConnectionState']).toBe('DISCONNECTING');
    await pass(1_000);
    expect((await shown(id))['ConnectionState']).toBe('DISCONNECTED');
    expect(aws.spans.filter(({ what }) => what === 'disconnect').map(({ from, to }) => to - from)).toEqual([20 * 60_000]);
  });
});

describe('create', () => {
  it('answers an id like those of KMS, and shows the store', async () => {
    const { create, shown, clusterId, aws } = world();
    const id = await create();
    expect(id).toMatch(/^cks-[0-9a-f]{17}$/);
    const store = await shown(id);
    expect(store).toEqual({
      CustomKeyStoreId: id,
      CustomKeyStoreName: 'store',
      CustomKeyStoreType: 'AWS_CLOUDHSM',
      CloudHsmClusterId: clusterId,
      TrustAnchorCertificate: exampleCertificates.trustAnchor,
      ConnectionState: 'DISCONNECTED',
      CreationDate: (aws.clock.now - timings.apiCall) / 1000,
    });
  });

  it.each<[string, string, JsonObject, (it: ReturnType<typeof world>) => unknown]>([
    ['CloudHsmClusterNotFoundException', 'an unknown cluster', { CloudHsmClusterId: 'cluster-aaaaaaaaaaa' }, () => undefined],
    ['CloudHsmClusterNotActiveException', 'a cluster that is not active', {}, ({ cloudHsm, clusterId }) => cloudHsm.setClusterState(clusterId, 'INITIALIZED')],
    ['CloudHsmClusterInvalidConfigurationException', 'HSMs in one zone only', {}, ({ cloudHsm, clusterId }) => cloudHsm.cluster(clusterId).hsms.forEach((hsm) => (hsm.availabilityZone = 'eu-central-1a'))],
    ['CloudHsmClusterInvalidConfigurationException', 'a group without inbound rules', {}, ({ cloudHsm, clusterId }) => cloudHsm.ec2.revokeRules(cloudHsm.cluster(clusterId).securityGroup, 'inbound')],
    [
      'CloudHsmClusterInvalidConfigurationException',
      'a group whose outbound rules name other ports and another group',
      {},
      ({ cloudHsm: { ec2, state } }) => {
        const groupId = state.clusters[0]?.securityGroup ?? '';
        ec2.revokeRules(groupId, 'outbound');
        ec2.authorize(groupId, 'outbound', { protocol: 'tcp', fromPort: 2223, toPort: 2224, groupId });
        ec2.authorize(groupId, 'outbound', { protocol: 'tcp', fromPort: 2223, toPort: 2225, groupId: 'sg-other' });
      },
    ],
    ['CloudHsmClusterInvalidConfigurationException', 'a cluster with a subnet in one zone only', {}, ({ cloudHsm, clusterId }) => delete cloudHsm.cluster(clusterId).subnetMapping['eu-central-1b']],
    ['IncorrectTrustAnchorException', 'the certificate of a CA that did not sign', { TrustAnchorCertificate: exampleCertificates.otherTrustAnchor }, () => undefined],
    ['IncorrectTrustAnchorException', 'another certificate', { TrustAnchorCertificate: exampleCertificates.clusterCertificate }, () => undefined],
    ['CustomKeyStoreNameInUseException', 'a name that is taken', { KeyStorePassword: 'another1' }, ({ create }) => create()],
    ['CloudHsmClusterInUseException', 'a cluster that is taken', { CustomKeyStoreName: 'second' }, ({ create }) => create()],
    ['CloudHsmClusterInUseException', 'a cluster whose relative is taken', { CustomKeyStoreName: 'second' }, ({ create, newCluster, clusterId }) => create({ CloudHsmClusterId: newCluster({ lineage: clusterId }) })],
    [
      'LimitExceededException',
      'an eleventh store',
      {},
      async ({ create, newCluster }) => {
        for (let number = 1; number <= 10; number++) await create({ CustomKeyStoreName: `store-${number}`, CloudHsmClusterId: newCluster() });
      },
    ],
    ['ValidationException', 'a password of 6 characters', { KeyStorePassword: 'abcdef' }, () => undefined],
  ])('refuses with %s %s', async (code, _title, more, prepare) => {
    const it = world();
    await prepare(it);
    await expect(it.create(more)).rejects.toMatchObject({ code });
  });

  it('makes an eleventh store when the quota was raised, and no twelfth', async () => {
    const { kms, create, newCluster } = world();
    kms.keyStoreQuota = 11;
    for (let number = 1; number <= 10; number++) await create({ CustomKeyStoreName: `store-${number}`, CloudHsmClusterId: newCluster() });
    await create();
    await expect(create({ CustomKeyStoreName: 'twelfth', CloudHsmClusterId: newCluster() })).rejects.toMatchObject({ code: 'LimitExceededException' });
  });

  it('is idempotent towards an equal store while that is disconnected, and only then', async () => {
    const { create, bring } = world();
    const id = await create();
    expect(await create()).toBe(id);
    // The password is not rotated yet: the two are still equal in everything.
    await bring(id, 'CONNECTING');
    await expect(create()).rejects.toMatchObject({ code: 'CustomKeyStoreNameInUseException' });
  });

  it('takes a cluster beside one that has a store: its certificate tells that the two are not related', async () => {
    const { create, newCluster, aws, clusterId } = world();
    await create();
    const stranger = newCluster();
    const restored = newCluster({ lineage: clusterId });
    expect(await create({ CustomKeyStoreName: 'second', CloudHsmClusterId: stranger })).toMatch(/^cks-/);
    await expect(create({ CustomKeyStoreName: 'third', CloudHsmClusterId: restored })).rejects.toMatchObject({ code: 'CloudHsmClusterInUseException' });
    const asked = aws.call(aws.iam.deployer, 'cloudhsm', 'DescribeClusters', { Filters: { clusterIds: [clusterId, stranger, restored] } });
    const [own, other, relative] = ((await aws.clock.runUntilSettled(asked))['Clusters'] as JsonObject[]).map((cluster) => cluster['Certificates']);
    expect(other).not.toEqual(own);
    expect(relative).toEqual(own);
  });

  it('needs a service-linked role once, with the caller’s rights', async () => {
    const it = world();
    const asked: Permission[] = [];
    jest.spyOn(it.aws.iam, 'authorize').mockImplementation((_caller, permission) => void asked.push(permission));
    await it.create();
    await it.create();
    expect(asked.map(({ action, resource, context }) => [action, resource, context?.['iam:AWSServiceName']].join(' ').trim())).toEqual([
      'kms:CreateCustomKeyStore *',
      'cloudhsm:DescribeClusters *',
      'iam:CreateServiceLinkedRole arn:aws:iam::111122223333:role/aws-service-role/cks.kms.amazonaws.com/AWSServiceRoleForKeyManagementServiceCustomKeyStores cks.kms.amazonaws.com',
      'kms:CreateCustomKeyStore *',
      'cloudhsm:DescribeClusters *',
    ]);
  });

  it('does not model external key stores', async () => {
    await expect(world().create({ CustomKeyStoreType: 'EXTERNAL_KEY_STORE' })).rejects.toThrow('does not model');
  });
});

describe('update and delete', () => {
  it.each<[string, string, (it: ReturnType<typeof world>) => JsonObject | Promise<JsonObject>]>([
    ['CloudHsmClusterNotRelatedException', 'an unrelated cluster', ({ newCluster }) => ({ CloudHsmClusterId: newCluster() })],
    ['CloudHsmClusterNotFoundException', 'an unknown cluster', () => ({ CloudHsmClusterId: 'cluster-aaaaaaaaaaa' })],
    [
      'CustomKeyStoreNameInUseException',
      'a name that is taken',
      async ({ create, newCluster }) => {
        await create({ CustomKeyStoreName: 'second', CloudHsmClusterId: newCluster() });
        return { NewCustomKeyStoreName: 'second' };
      },
    ],
  ])('refuses with %s %s', async (code, _title, input) => {
    const it = world();
    const id = await it.create();
    await expect(it.call('UpdateCustomKeyStore', { CustomKeyStoreId: id, ...(await input(it)) })).rejects.toMatchObject({ code });
  });

  it('only records a password: a wrong one shows at the next connect', async () => {
    const { create, call, connect, shown } = world();
    const id = await create();
    await call('UpdateCustomKeyStore', { CustomKeyStoreId: id, KeyStorePassword: 'another1' });
    await connect(id);
    expect((await shown(id))['ConnectionErrorCode']).toBe('INVALID_CREDENTIALS');
  });

  describe('a password that kmsuser got while the store was disconnected', () => {
    /** Takes a store from a connection to a disconnection, and gives its kmsuser a password that KMS does not know. */
    const outage = async () => {
      const it = world();
      const id = await it.create();
      await it.connect(id);
      await it.call('DisconnectCustomKeyStore', { CustomKeyStoreId: id });
      await it.pass(timings.disconnect);
      const give = (clusterId: string) => {
        it.cloudHsm.putUser(clusterId, { username: 'kmsuser', role: 'crypto-user', password: 'another1' });
      };
      return { ...it, id, give };
    };

    it('connects once KMS is told it, and is then KMS’s own again', async () => {
      const { id, give, clusterId, cloudHsm, call, connect, shown } = await outage();
      give(clusterId);
      await call('UpdateCustomKeyStore', { CustomKeyStoreId: id, KeyStorePassword: 'another1' });
      await connect(id);
      expect(await shown(id)).toMatchObject({ ConnectionState: 'CONNECTED' });
      expect(cloudHsm.cluster(clusterId).hsms.map(({ users }) => users.find(({ username }) => username === 'kmsuser')?.password)).not.toContain('another1');
    });

    it('does not connect while KMS is not told it', async () => {
      const { id, give, clusterId, connect, shown } = await outage();
      give(clusterId);
      await connect(id);
      expect(await shown(id)).toMatchObject({ ConnectionState: 'FAILED', ConnectionErrorCode: 'INVALID_CREDENTIALS' });
    });

    it('connects on a related cluster once KMS is told both', async () => {
      const { id, give, clusterId, newCluster, call, connect, shown } = await outage();
      const related = newCluster({ lineage: clusterId });
      give(related);
      await call('UpdateCustomKeyStore', { CustomKeyStoreId: id, CloudHsmClusterId: related, KeyStorePassword: 'another1' });
      await connect(id);
      expect(await shown(id)).toMatchObject({ ConnectionState: 'CONNECTED', CloudHsmClusterId: related });
    });

    it('does not connect on a related cluster with the password of the old one', async () => {
      const { id, give, clusterId, newCluster, call, connect, shown } = await outage();
      const related = newCluster({ lineage: clusterId });
      give(related);
      await call('UpdateCustomKeyStore', { CustomKeyStoreId: id, CloudHsmClusterId: related });
      await connect(id);
      expect(await shown(id)).toMatchObject({ ConnectionState: 'FAILED', ConnectionErrorCode: 'INVALID_CREDENTIALS' });
    });
  });

  it('keeps a store that holds a key, and kmsuser then owns keys', async () => {
    const { create, call, kms, cloudHsm, clusterId } = world();
    const id = await create();
    kms.addKey(id);
    await expect(call('DeleteCustomKeyStore', { CustomKeyStoreId: id })).rejects.toMatchObject({ code: 'CustomKeyStoreHasCMKsException' });
    expect(cloudHsm.cluster(clusterId).hsms.every((hsm) => hsm.users.some((user) => user.username === 'kmsuser' && user.ownsKeys))).toBe(true);
  });

  it('removes only KMS’s own record', async () => {
    const { create, call, cloudHsm, clusterId } = world();
    const id = await create();
    const before = structuredClone(cloudHsm.state);
    await call('DeleteCustomKeyStore', { CustomKeyStoreId: id });
    expect(cloudHsm.state).toEqual(before);
    expect(clusterId).toBe(before.clusters[0]?.clusterId);
  });

  it.each(['ConnectCustomKeyStore', 'DisconnectCustomKeyStore', 'UpdateCustomKeyStore', 'DeleteCustomKeyStore', 'DescribeCustomKeyStores'])('%s does not know an unknown id', async (operation) => {
    await expect(world().call(operation, { CustomKeyStoreId: 'cks-1' })).rejects.toMatchObject({ code: 'CustomKeyStoreNotFoundException' });
  });
});

describe('describe', () => {
  it('lists in pages, by name or by id but not by both', async () => {
    const { create, call, newCluster } = world();
    const ids = [await create(), await create({ CustomKeyStoreName: 'second', CloudHsmClusterId: newCluster() })];
    const first = await call('DescribeCustomKeyStores', { Limit: 1 });
    expect(first).toMatchObject({ CustomKeyStores: [{ CustomKeyStoreId: ids[0] }], Truncated: true });
    expect(await call('DescribeCustomKeyStores', { Marker: first['NextMarker'] ?? null })).toMatchObject({ CustomKeyStores: [{ CustomKeyStoreId: ids[1] }], Truncated: false });
    expect(await call('DescribeCustomKeyStores', { CustomKeyStoreName: 'second' })).toMatchObject({ CustomKeyStores: [{ CustomKeyStoreId: ids[1] }] });
    await expect(call('DescribeCustomKeyStores', { CustomKeyStoreName: 'second', CustomKeyStoreId: 'cks-1' })).rejects.toMatchObject({ code: 'ValidationException' });
    await expect(call('DescribeCustomKeyStores', { Marker: 'x' })).rejects.toMatchObject({ code: 'InvalidMarkerException' });
    await expect(call('DescribeCustomKeyStores', { CustomKeyStoreName: 'third' })).rejects.toMatchObject({ code: 'CustomKeyStoreNotFoundException' });
  });

  it('lists every store of the account once when neither name nor id is given, with and without a limit', async () => {
    const { create, call, newCluster } = world();
    const ids: string[] = [];
    for (let number = 1; number <= 10; number++) ids.push(await create({ CustomKeyStoreName: `store-${number}`, CloudHsmClusterId: newCluster() }));
    const idsOf = (page: JsonObject) => (page['CustomKeyStores'] as JsonObject[]).map((store) => String(store['CustomKeyStoreId']));
    const whole = await call('DescribeCustomKeyStores', {});
    expect(idsOf(whole)).toEqual(ids);
    expect(whole).toMatchObject({ Truncated: false });
    const pages = [await call('DescribeCustomKeyStores', { Limit: 4 })];
    for (let last = pages[0]; last?.['NextMarker'] !== undefined; last = pages.at(-1)) pages.push(await call('DescribeCustomKeyStores', { Limit: 4, Marker: last['NextMarker'] }));
    expect(pages.map((page) => idsOf(page).length)).toEqual([4, 4, 2]);
    expect(pages.flatMap(idsOf)).toEqual(ids);
  });

  it('may lag behind right after a create and a connect, with every seed for less than a minute', async () => {
    const seen = new Set<string>();
    for (let seed = 1; seed <= 20; seed++) {
      const { create, call, shown, pass } = world({ seed });
      const id = await create();
      const first = await shown(id).then(
        () => 'found',
        () => 'not found',
      );
      await pass(60_000);
      await shown(id);
      await call('ConnectCustomKeyStore', { CustomKeyStoreId: id });
      seen.add(first).add(String((await shown(id))['ConnectionState']));
      await pass(60_000);
      expect((await shown(id))['ConnectionState']).toBe('CONNECTING');
    }
    expect([...seen].sort()).toEqual(['CONNECTING', 'DISCONNECTED', 'found', 'not found']);
  });
});
