import { brokenPromises, remember } from '../../rehearsal/promises/promises';
import { checkSecrets, secretsOf } from '../../rehearsal/promises/secrets';
import { openLife, type Life } from './life';

const WRONG = 'wrong-Adm1n-passw0rd';

describe('no password, seal key or ResponseURL can be read anywhere', () => {
  it('after a whole life', async () => {
    const life = await openLife();
    const before = remember(life.world);
    expect(await life.create({ pDeleteKeyStoreUponStackDeletion: 'true' })).toBe('CREATE_COMPLETE');
    expect(await life.update({ pKeyStoreName: 'renamed' })).toBe('UPDATE_COMPLETE');
    expect(checkSecrets(life.world, before)).toEqual([]);
    expect(await life.delete()).toBe('DELETE_COMPLETE');
    expect(before.seen.events.length).toBeGreaterThan(6);
    expect(before.seen.logs.length).toBeGreaterThan(6);
    expect(checkSecrets(life.world, before)).toEqual([]);
  });

  it.each([
    ['a connection that failed', ({ world }: Life) => world.account.kms.failNextConnect('INVALID_CREDENTIALS')],
    ['a login that was refused', ({ world }: Life) => void world.account.secrets.put('hsm/admin-password', { SecretString: WRONG })],
  ])('after %s, while the failed resources are still there', async (_title, breakIt) => {
    const life = await openLife();
    const before = remember(life.world);
    breakIt(life);
    expect(await life.createAndKeepWhatFailed()).toBe('CREATE_FAILED');
    expect(checkSecrets(life.world, before)).toEqual([]);
    expect(await life.delete()).toBe('DELETE_COMPLETE');
    expect(await life.left()).toEqual([]);
    expect(brokenPromises(life.world, before)).toEqual([]);
  });

  it('and would be found: each of them is known, and stands where it may', async () => {
    const life = await openLife();
    const before = remember(life.world);
    life.world.account.secrets.put('hsm/admin-password', { SecretString: JSON.stringify({ password: WRONG }) });
    expect([await life.create(), await life.delete()]).toEqual(['ROLLBACK_COMPLETE', 'DELETE_COMPLETE']);
    life.world.account.secrets.put('hsm/admin-password', { SecretString: life.world.adminPassword });
    expect(await life.create()).toBe('CREATE_COMPLETE');
    const secrets = secretsOf(life.world, before);
    const { account } = life.world;
    expect([...new Set(secrets.values())].sort()).toEqual(
      [
        'a ResponseURL',
        'a password of the ledger',
        'a password that KMS had for kmsuser',
        'an admin password',
        'the admin password',
        'the seal key',
        'the signature of a ResponseURL',
      ].sort(),
    );
    expect(secrets.get(WRONG)).toBe('an admin password');
    const { secretTexts, storePasswords } = before.seen;
    const held = JSON.stringify([[...secretTexts.keys()], [...storePasswords], account.cloudFormation.state.customResources, account.cloudHsm.state, WRONG]);
    for (const [secret, what] of secrets) expect([what, held.includes(JSON.stringify(secret).slice(1, -1))]).toEqual([what, true]);
  });
});
