import { play, type Report } from '../../rehearsal/play';
import { DEFAULT_SCENARIO, loadScenario } from '../../rehearsal/scenarios';
import { KeyPool } from '../../simulator/ssm/key-pool';

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
