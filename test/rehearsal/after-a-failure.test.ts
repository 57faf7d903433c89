import { checkPermissions } from '../../rehearsal/promises/permissions';
import { STACK } from '../../rehearsal/world';
import { openLife, type Life } from './life';

const DELETE_IT = { pDeleteKeyStoreUponStackDeletion: 'true' };
const ADMIN_SECRET = 'hsm/admin-password';

const storeName = ({ world }: Life) => world.account.kms.state.keyStores[0]?.name;

describe('a failed update', () => {
  it('to a cluster that has nothing to do with the old one leaves the old settings working, also those changed with it', async () => {
    const life = await openLife();
    await life.create();
    const { cloudHsm, aws } = life.world.account;
    const unrelated = cloudHsm.addCluster({ zones: [`${aws.region}a`, `${aws.region}b`], adminPassword: 'another-Adm1n' });
    expect(await life.update({ pCloudHsmClusterId: unrelated, pKeyStoreName: 'renamed' })).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect([life.keyStore(), storeName(life)]).toEqual(['CONNECTED', 'cloudhsm-key-store']);
    expect(life.verdicts().map(({ type, status }) => [type, status])).toEqual([['Create', 'SUCCESS'], ['Update', 'FAILED'], ['Update', 'SUCCESS']]);
    expect(await life.update({ pCloudHsmClusterId: life.world.clusterId, pKeyStoreName: 'renamed' })).toBe('UPDATE_COMPLETE');
    expect([life.keyStore(), storeName(life)]).toEqual(['CONNECTED', 'renamed']);
  });

  it('in which KMS throttles the making of a key store that is gone is rolled back when no store can show up any more', async () => {
    const life = await openLife();
    await life.create();
    const { aws, kms } = life.world.account;
    await life.settled(life.deleteKeyStore(kms.state.keyStores[0]?.keyStoreId ?? ''));
    aws.failCalls({ service: 'kms', operation: 'CreateCustomKeyStore', code: 'ThrottlingException', times: Infinity });
    expect(await life.update({ pKeyStoreName: 'renamed' })).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(life.verdicts().at(-2)?.reason).toMatch(/^AWS throttled a call/);
  });

  it.each([0.5, 1, 2, 4, 6, 8, 10])('that is cancelled %d seconds after it asked for a new name keeps the old name', async (seconds) => {
    const life = await openLife({ seed: 2 * seconds });
    await life.create();
    await life.pass(60);
    const cancelUnlessOver = () => {
      if (life.world.account.cloudFormation.stack('key-store').status === 'UPDATE_IN_PROGRESS') life.world.account.cloudFormation.cancelUpdateStack('key-store');
    };
    const ended = await life.meanwhile('update', seconds, cancelUnlessOver, { pKeyStoreName: 'renamed' });
    expect([life.keyStore(), storeName(life)]).toEqual(['CONNECTED', ended === 'UPDATE_COMPLETE' ? 'renamed' : 'cloudhsm-key-store']);
    expect(['UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE']).toContain(ended);
    await life.pass(300);
    expect(storeName(life)).toBe(ended === 'UPDATE_COMPLETE' ? 'renamed' : 'cloudhsm-key-store');
  });
});

describe('a rotation that is called off', () => {
  const ROTATE = { pKmsUserPasswordRotation: '2026-11' };
  const cancel = ({ world }: Life) => world.account.cloudFormation.cancelUpdateStack(STACK);

  it('while KMS disconnects, which takes five minutes, comes back: a connection that KMS does not show yet is not given up', async () => {
    const life = await openLife();
    await life.create();
    const { aws, kms } = life.world.account;
    kms.disconnectMillis = 300_000;
    const hideConnection = async () => {
      while (life.keyStore() !== 'CONNECTING') await aws.clock.sleep(500);
      aws.failCalls({ service: 'kms', operation: 'DescribeCustomKeyStores', caller: '-connect-key-store', answer: 'stale' });
    };
    const calledOff = () => {
      cancel(life);
      void hideConnection();
    };
    expect(await life.meanwhile('update', 45, calledOff, ROTATE)).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(aws.faults).toEqual([]);
    expect(life.keyStore()).toBe('CONNECTED');
  });

  it('together with a rename, while KMS connects, has its old name and is connected', async () => {
    const life = await openLife();
    await life.create();
    const connecting = () => storeName(life) === 'renamed' && life.keyStore() === 'CONNECTING';
    expect(await life.meanwhile('update', connecting, () => cancel(life), { ...ROTATE, pKeyStoreName: 'renamed' })).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect([life.keyStore(), storeName(life)]).toEqual(['CONNECTED', 'cloudhsm-key-store']);
  });

  it('while the client gives kmsuser its password, is continued to the end without another admin login', async () => {
    const life = await openLife();
    await life.create();
    expect(await life.meanwhile('update', () => life.logins().length > 1, () => cancel(life), ROTATE)).toBe('UPDATE_ROLLBACK_FAILED');
    expect(life.verdicts().at(-1)?.reason).toMatch(/^KMS was refused as kmsuser/);
    expect([await life.continueRollback(), life.keyStore()]).toEqual(['UPDATE_ROLLBACK_COMPLETE', 'CONNECTED']);
    expect(life.logins()).toEqual([true, true]);
  });

  it('under other names, while its command waits on the client, is fenced off also when that command ends after the rollback has planned', async () => {
    const life = await openLife();
    await life.create();
    const { aws, cloudHsm, ssm } = life.world.account;
    const resetting = () => ssm.state.invocations.some(({ parameters, status }) => parameters['Action'] === 'reset' && status === 'InProgress');
    const run = cloudHsm.run.bind(cloudHsm);
    cloudHsm.run = async (configuration, args, env) => {
      if (!resetting()) return run(configuration, args, env);
      await aws.clock.sleep(100_000);
      return { exitCode: 1, stdout: '', stderr: 'the cluster does not answer' };
    };
    expect(await life.meanwhile('update', resetting, () => cancel(life), { ...ROTATE, pEnvPurpose: '2' })).toBe('UPDATE_ROLLBACK_COMPLETE');
    await life.pass(3_600);
    expect([life.keyStore(), life.logins()]).toEqual(['CONNECTED', [true]]);
  });

  it.each(['InspectClient', 'CheckPrerequisites', 'DisconnectKeyStore', 'InspectAgain', 'ResetKmsUser', 'ConfirmKmsUser', 'ChangeKeyStore', 'ConnectKeyStore', 'CompleteUpdate'])(
    'under other names, in the state %s, does no more once its rollback has begun',
    async (state) => {
      const life = await openLife();
      await life.create();
      let entered = false;
      life.world.account.states.onStateEntered((_execution, name) => {
        entered ||= name === state;
      });
      expect(await life.meanwhile('update', () => entered, () => cancel(life), { ...ROTATE, pEnvPurpose: '2' })).toBe('UPDATE_ROLLBACK_COMPLETE');
      expect(life.keyStore()).toBe('CONNECTED');
      await life.pass(3_600);
      expect([life.keyStore(), life.logins().filter((accepted) => !accepted)]).toEqual(['CONNECTED', []]);
      // Its functions write their log to their end.
      expect(checkPermissions(life.world, [])).toEqual([]);
    },
  );
});

describe('a stack whose update makes a key store again under other names, and whose rollback cannot start', () => {
  it.each(['InspectClient', 'ResetKmsUser', 'ChangeKeyStore', 'ConnectKeyStore'])('leaves nothing when it is deleted, although the update, in the state %s, runs on', async (state) => {
    const life = await openLife();
    await life.create(DELETE_IT);
    const { aws, cloudFormation, kms, states } = life.world.account;
    await life.settled(life.deleteKeyStore(kms.state.keyStores[0]?.keyStoreId ?? ''));
    let entered = false;
    states.onStateEntered((_execution, name) => {
      entered ||= name === state;
    });
    const cancelForGood = () => {
      cloudFormation.cancelUpdateStack(STACK);
      aws.failCalls({ service: 'states', operation: 'StartExecution', caller: '-custom-resource/', code: 'ExecutionLimitExceeded', times: Infinity });
    };
    expect(await life.meanwhile('update', () => entered, cancelForGood, { pKeyStoreName: 'renamed', pEnvPurpose: '2' })).toBe('UPDATE_ROLLBACK_FAILED');
    aws.faults.length = 0;
    expect(await life.delete()).toBe('DELETE_COMPLETE');
    await life.pass(3_600);
    expect(await life.left()).toEqual([]);
  });
});

/** What makes a create fail, and how a person puts it right. */
const FAILURES: [string, (life: Life) => unknown, (life: Life) => unknown, RegExp][] = [
  [
    'KMS cannot connect',
    ({ world }) => world.account.kms.failNextConnect('NETWORK_ERRORS'),
    () => undefined,
    /^KMS could not reach the cluster/,
  ],
  [
    'the client is stopped',
    ({ world }) => world.account.ssm.stop(world.instanceId),
    ({ world }) => world.account.ssm.setOnline(world.instanceId, true),
    /^Nothing was changed/,
  ],
  [
    'a kmsuser is there',
    ({ world }) => world.account.cloudHsm.putUser(world.clusterId, { username: 'kmsuser', role: 'crypto-user', password: 'somebody-elses-1' }),
    ({ world }) => {
      for (const hsm of world.account.cloudHsm.cluster(world.clusterId).hsms) hsm.users = hsm.users.filter(({ username }) => username !== 'kmsuser');
    },
    /^Nothing was changed.*kmsuser/,
  ],
  [
    "the admin's password is wrong",
    ({ world }) => world.account.secrets.put(ADMIN_SECRET, { SecretString: 'not-the-password' }),
    ({ world }) => world.account.secrets.put(ADMIN_SECRET, { SecretString: world.adminPassword }),
    /^kmsuser could not be created\. Mend what cloudhsm-cli says; if the login was refused, correct the password/,
  ],
];

describe('a create that fails', () => {
  it.each(FAILURES)('because %s says so, and works once that is put right', async (_title, breakIt, mendIt, reason) => {
    const life = await openLife();
    await breakIt(life);
    expect(await life.create(DELETE_IT)).toBe('ROLLBACK_COMPLETE');
    expect(life.verdicts()[0]?.reason).toMatch(reason);
    expect(await life.delete()).toBe('DELETE_COMPLETE');
    await mendIt(life);
    expect(await life.create(DELETE_IT)).toBe('CREATE_COMPLETE');
    expect(life.keyStore()).toBe('CONNECTED');
    expect(await life.delete()).toBe('DELETE_COMPLETE');
    expect(await life.left()).toEqual([]);
  });

  it("with a wrong admin's password costs one refused login, the rollback and the delete none", async () => {
    const life = await openLife();
    life.world.account.secrets.put(ADMIN_SECRET, { SecretString: 'not-the-password' });
    expect(await life.create()).toBe('ROLLBACK_COMPLETE');
    expect(await life.delete()).toBe('DELETE_COMPLETE');
    expect(life.logins()).toEqual([false]);
    expect(await life.left()).toEqual([]);
  });
});

describe('a create that fails, and is kept as it is', () => {
  it('goes on weeks later, when Lambda has to make its functions ready again', async () => {
    const life = await openLife();
    const { instanceId, parameters, templateBody } = life.world;
    const { cloudFormation, lambda, ssm } = life.world.account;
    const input = { stackName: STACK, templateBody, fromS3: true, parameters, disableRollback: true };
    ssm.setOnline(instanceId, false);
    expect((await life.settled(cloudFormation.createStack(input))).status).toBe('CREATE_FAILED');
    ssm.setOnline(instanceId, true);
    lambda.letIdle();
    expect((await life.settled(cloudFormation.updateStack(input))).status).toBe('UPDATE_COMPLETE');
    expect(life.verdicts().map(({ type, status }) => [type, status])).toEqual([['Create', 'FAILED'], ['Delete', 'SUCCESS'], ['Create', 'SUCCESS']]);
    expect(life.keyStore()).toBe('CONNECTED');
  });
});

describe('a delete that fails', () => {
  it("because the admin's password was changed costs one refused login for that version of the secret, however often it is tried", async () => {
    const life = await openLife();
    await life.create(DELETE_IT);
    life.world.account.secrets.put(ADMIN_SECRET, { SecretString: 'not-the-password' });
    expect([await life.delete(), await life.delete(), await life.delete()]).toEqual(['DELETE_FAILED', 'DELETE_FAILED', 'DELETE_FAILED']);
    expect(life.verdicts().at(-1)?.reason).toMatch(/^The admin login is spent/);
    life.world.account.secrets.put(ADMIN_SECRET, { SecretString: life.world.adminPassword });
    expect(await life.delete()).toBe('DELETE_COMPLETE');
    expect(life.logins()).toEqual([true, false, true]);
    expect(await life.left()).toEqual([]);
  });

  it('because the client restarted in the middle of it is not tried again with a login of which nobody knows the outcome, until the secret is stored again', async () => {
    const life = await openLife();
    const { aws, secrets, ssm } = life.world.account;
    await life.create(DELETE_IT);
    const restart = async () => {
      await aws.clock.sleep(4_000);
      await ssm.reboot(life.world.instanceId);
    };
    expect(await life.meanwhile('delete', () => life.ledger().login !== undefined, restart)).toBe('DELETE_FAILED');
    expect(await life.delete()).toBe('DELETE_FAILED');
    expect(life.verdicts().at(-1)?.reason).toMatch(/^The admin login is spent.*store it again \(aws secretsmanager put-secret-value\), and try again/);
    secrets.put(ADMIN_SECRET, { SecretString: life.world.adminPassword });
    expect(await life.delete()).toBe('DELETE_COMPLETE');
    expect(life.logins()).not.toContain(false);
    expect(await life.left()).toEqual([]);
  });
});
