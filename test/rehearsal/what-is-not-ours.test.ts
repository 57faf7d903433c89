import { openLife, type Life } from './life';

const DELETE_IT = { pDeleteKeyStoreUponStackDeletion: 'true' };
const NAME = 'cloudhsm-key-store';

/** Another cluster in the account, which somebody else uses. */
function otherCluster({ world: { account } }: Life): string {
  return account.cloudHsm.addCluster({ zones: [`${account.aws.region}a`, `${account.aws.region}b`], adminPassword: 'another-Adm1n' });
}

const storeIds = ({ world }: Life) => world.account.kms.state.keyStores.map(({ keyStoreId }) => keyStoreId);
const ownStore = (life: Life) => storeIds(life)[0] ?? '';

describe("somebody else's key store of the same name on another cluster is left alone", () => {
  it('when the create finds it: it fails before it changes anything, and says so', async () => {
    const life = await openLife();
    const theirs = await life.settled(life.makeKeyStore(NAME, otherCluster(life)));
    expect(await life.create()).toBe('ROLLBACK_COMPLETE');
    expect(life.verdicts()[0]?.reason).toMatch(/^Nothing was changed\. .*key store/);
    expect(life.logins()).toEqual([]);
    await life.delete();
    expect([storeIds(life), life.keyStore()]).toEqual([[theirs], 'DISCONNECTED']);
    expect(await life.left()).toEqual([`key store ${theirs} (DISCONNECTED)`]);
  });

  it('when it appears in the middle of the create', async () => {
    const life = await openLife();
    let theirs = '';
    const makeTheirs = async () => {
      theirs = await life.makeKeyStore(NAME, otherCluster(life));
    };
    expect(await life.meanwhile('create', () => life.ledger().made === true, makeTheirs)).toBe('ROLLBACK_COMPLETE');
    expect(life.verdicts()[0]?.reason).toMatch(/^KMS has another key store of that name\. Choose another pKeyStoreName/);
    await life.delete();
    expect(storeIds(life)).toEqual([theirs]);
    expect(await life.left()).toEqual([`key store ${theirs} (DISCONNECTED)`]);
  });

  it('when it took the place of ours, which somebody deleted', async () => {
    const life = await openLife();
    await life.create(DELETE_IT);
    await life.settled(life.deleteKeyStore(ownStore(life)));
    const theirs = await life.settled(life.makeKeyStore(NAME, otherCluster(life)));
    expect(await life.delete()).toBe('DELETE_COMPLETE');
    expect(await life.left()).toEqual([`key store ${theirs} (DISCONNECTED)`]);
  });
});

describe('another stack of the template, with another pEnvPurpose and a cluster of its own', () => {
  it('is made beside ours, and stays connected when ours is deleted', async () => {
    const life = await openLife();
    const { account, parameters, templateBody } = life.world;
    const { aws, cloudFormation, kms, secrets, ssm } = account;
    const clusterId = otherCluster(life);
    const instanceId = `i-${aws.identifier(17)}`;
    ssm.addInstance({ instanceId, clusterId });
    secrets.put('hsm/another-password', { SecretString: 'another-Adm1n' });
    const others = { pEnvPurpose: '2', pKeyStoreName: 'another', pCloudHsmClusterId: clusterId, pClientInstanceId: instanceId, pCloudHsmAdminPasswordSecretName: 'hsm/another-password' };
    await life.create(DELETE_IT);
    const another = cloudFormation.createStack({ stackName: 'another', templateBody, fromS3: true, parameters: { ...parameters, ...others } });
    expect((await life.settled(another)).status).toBe('CREATE_COMPLETE');
    expect(await life.delete()).toBe('DELETE_COMPLETE');
    expect(kms.state.keyStores.map(({ name, connection: { state } }) => [name, state])).toEqual([['another', 'CONNECTED']]);
  });
});

describe('a delete', () => {
  it('succeeds when somebody has deleted the key store, and removes kmsuser', async () => {
    const life = await openLife();
    await life.create(DELETE_IT);
    await life.settled(life.deleteKeyStore(ownStore(life)));
    expect(await life.delete()).toBe('DELETE_COMPLETE');
    expect(await life.left()).toEqual([]);
  });

  it('succeeds without a login when key store and kmsuser are gone', async () => {
    const life = await openLife();
    await life.create(DELETE_IT);
    await life.settled(life.deleteKeyStore(ownStore(life)));
    for (const hsm of life.world.account.cloudHsm.cluster(life.world.clusterId).hsms) hsm.users = hsm.users.filter(({ username }) => username !== 'kmsuser');
    expect(await life.delete()).toBe('DELETE_COMPLETE');
    expect(life.logins()).toEqual([true]);
    expect(await life.left()).toEqual([]);
  });

  it('keeps a kmsuser that owns keys, and succeeds', async () => {
    const life = await openLife();
    await life.create(DELETE_IT);
    for (const { users } of life.world.account.cloudHsm.cluster(life.world.clusterId).hsms) {
      for (const user of users) if (user.username === 'kmsuser') user.ownsKeys = true;
    }
    expect(await life.delete()).toBe('DELETE_COMPLETE');
    expect(await life.left()).toEqual(['user kmsuser in the cluster']);
  });

  it.each([
    ['stopped', (life: Life) => life.world.account.ssm.stop(life.world.instanceId), /^The client is not running.*Start it and try again; to delete without it, retain the resource/],
    ['offline', (life: Life) => Promise.resolve(life.world.account.ssm.setOnline(life.world.instanceId, false)), /^The command was not taken.* is "Delivery Timed Out"\. See that the instance runs/],
  ])('with a kmsuser to remove fails while the client is %s, and succeeds when it is back', async (_title, takeAway, reason) => {
    const life = await openLife();
    await life.create(DELETE_IT);
    await takeAway(life);
    expect(await life.delete()).toBe('DELETE_FAILED');
    expect(life.verdicts().at(-1)?.reason).toMatch(reason);
    life.world.account.ssm.setOnline(life.world.instanceId, true);
    expect(await life.delete()).toBe('DELETE_COMPLETE');
    expect(life.logins()).toEqual([true, true]);
    expect(await life.left()).toEqual([]);
  });

  it('needs no client, no cluster and no login when the key store is to be kept', async () => {
    const life = await openLife();
    await life.create();
    await life.world.account.ssm.stop(life.world.instanceId);
    expect(await life.delete()).toBe('DELETE_COMPLETE');
    expect(life.logins()).toEqual([true]);
    expect(await life.left()).toEqual([`key store ${ownStore(life)} (DISCONNECTED)`, 'user kmsuser in the cluster']);
  });
});
