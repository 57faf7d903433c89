import { addKeyStoreOfOthers } from '../../rehearsal/by-hand';
import { openLife, type Life } from './life';

/** The calls that a delete of the stack makes by its roles. */
async function callsOfDelete(life: Life): Promise<string[]> {
  const { calls, iam } = life.world.account.aws;
  const before = calls.length;
  await life.delete();
  await life.left();
  return calls.slice(before).filter(({ caller }) => caller !== iam.deployer.arn).map(({ service, operation }) => `${service}:${operation}`);
}

/** Puts so many KMS keys into every key store of the account whose name fits. All but the first are not drawn from the seed, so that nothing else differs. */
function addKeys({ world: { account } }: Life, count: number, name: RegExp): void {
  for (const store of account.kms.state.keyStores.filter((one) => name.test(one.name))) {
    account.kms.addKey(store.keyStoreId);
    for (let key = 1; key < count; key++) store.keys.push(`key-${key}`);
  }
}

/** The same life each time, but for the number of keys. */
async function countCalls(keys: number, stores: RegExp): Promise<{ calls: string[]; status: string }> {
  const life = await openLife();
  await addKeyStoreOfOthers(life.world, 'of-others');
  await life.create({ pDeleteKeyStoreUponStackDeletion: 'true' });
  addKeys(life, keys, stores);
  const calls = await callsOfDelete(life);
  return { calls, status: life.world.account.kms.state.keyStores.map(({ name }) => name).join() };
}

describe('a delete makes the same calls, however many KMS keys there are', () => {
  it.each([
    ['in the account', /^of-others$/, 'of-others'],
    ['in the key store, which is kept', /./, 'of-others,cloudhsm-key-store'],
  ])('%s: 10, 1,000 and 10,000', async (_where, stores, left) => {
    const [few, more, many] = [await countCalls(10, stores), await countCalls(1_000, stores), await countCalls(10_000, stores)];
    expect(few.status).toBe(left);
    expect(few.calls.length).toBeGreaterThan(10);
    expect([more, many]).toEqual([few, few]);
  });
});
