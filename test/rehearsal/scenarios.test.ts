import { play, type Report } from '../../rehearsal/play';
import { DEFAULT_SCENARIO, loadScenario, scenarioNames } from '../../rehearsal/scenarios';
import type { Scenario } from '../../rehearsal/scenario';
import type { Grant } from '../../simulator/iam/iam';

/** What the roles of all scenarios allow, as role, action and resource, and whether any call needed it. */
const grants = new Map<string, boolean>();
let calls = 0;

/** A grant without what differs from scenario to scenario: the prefix of names, which an update may change, and their random parts. */
function titleOf({ roleName, action, resource }: Grant, prefixes: string[]): string {
  const title = `${roleName} may ${action} on ${resource.replace(/-\w{12}(-\w{6})?$/, '').replace(/i-[0-9a-f]{17}$/, 'i-')}`;
  return prefixes.reduce((text, prefix) => text.replaceAll(prefix, '(prefix)'), title);
}

function prefixesOf({ steps }: Scenario): string[] {
  return ['cloudhsm-1', ...steps.map(({ parameters: { pSystem = 'cloudhsm', pEnvPurpose = '1' } = {} }) => `${pSystem}-${pEnvPurpose}`)];
}

describe('the emitted template plays as it must', () => {
  it.each(scenarioNames())('when %s', async (name) => {
    const scenario = await loadScenario(name);
    const report = await play(name, scenario, {
      listener: {
        over({ account: { aws } }) {
          for (const grant of aws.iam.grants()) {
            const title = titleOf(grant, prefixesOf(scenario));
            grants.set(title, (grants.get(title) ?? false) || grant.used);
          }
        },
      },
    });
    calls += report.calls;
    expect(report.failures).toEqual([]);
  });

  it('with roles that grant nothing which no scenario needs', () => {
    // Far fewer of either would mean that there was little to look at.
    expect(calls).toBeGreaterThan(500);
    expect(grants.size).toBeGreaterThan(50);
    expect([...grants].filter(([, used]) => !used).map(([title]) => title)).toEqual([]);
  });
});

describe('the happy path', () => {
  const lives: Report[] = [];

  it.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])('plays as it must in the order, and with the stale reads and late roles, of seed %i', async (seed) => {
    const report = await play(DEFAULT_SCENARIO, await loadScenario(DEFAULT_SCENARIO), { seed });
    lives.push(report);
    expect(report.failures).toEqual([]);
  });

  it('met different orders and roles that took effect late', () => {
    expect(new Set(lives.map(({ calls: made, deniedEarly }) => `${made} ${deniedEarly}`)).size).toBeGreaterThan(6);
    expect(lives.some(({ deniedEarly }) => deniedEarly > 0)).toBe(true);
  });
});
