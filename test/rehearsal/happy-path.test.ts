import { play, type Report } from '../../rehearsal/play';
import { DEFAULT_SCENARIO, loadScenario } from '../../rehearsal/scenarios';
import { STACK } from '../../rehearsal/world';
import { KeyPool } from '../../simulator/ssm/key-pool';
import { openLife } from './life';

describe('the outputs', () => {
  it('tell the key store, its name and cluster, as KMS has them, and where to watch', async () => {
    const life = await openLife();
    await life.create();
    await life.update({ pKeyStoreName: 'payments' });
    const { cloudFormation, kms } = life.world.account;
    const [store] = kms.state.keyStores;
    expect(cloudFormation.stack(STACK).outputs).toEqual({
      oKeyStoreId: store?.keyStoreId,
      oKeyStoreName: 'payments',
      oCloudHsmClusterId: life.world.clusterId,
      oStateMachines: 'https://eu-central-1.console.aws.amazon.com/states/home?region=eu-central-1#/statemachines?filter=cloudhsm-1-',
    });
    expect([store?.name, store?.clusterId]).toEqual(['payments', life.world.clusterId]);
  });
});

describe('the happy path', () => {
  const lives: Report[] = [];
  const keyPool = new KeyPool();

  it.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])('plays as it must in the order, and with the stale reads and late roles, of seed %i', async (seed) => {
    const report = await play(DEFAULT_SCENARIO, await loadScenario(DEFAULT_SCENARIO), { seed, keyPool });
    lives.push(report);
    expect(report.failures).toEqual([]);
  });

  it('met different orders and roles that took effect late', () => {
    expect(new Set(lives.map(({ calls: made, deniedEarly }) => `${made} ${deniedEarly}`)).size).toBeGreaterThan(6);
    expect(lives.some(({ deniedEarly }) => deniedEarly > 0)).toBe(true);
  });
});
