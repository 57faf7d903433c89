import { play } from '../../rehearsal/play';
import type { Scenario } from '../../rehearsal/scenario';
import { loadScenario, scenarioNames } from '../../rehearsal/scenarios';
import type { Grant } from '../../simulator/iam/iam';
import { KeyPool } from '../../simulator/ssm/key-pool';
import type { Form } from '../../templates/src/sources';
import { MESSAGES, messagesIn } from './messages';

/** A grant without what differs from scenario to scenario: the prefix of names, which an update may change, and their random parts. */
function titleOf({ roleName, action, resource }: Grant, prefixes: string[]): string {
  const title = `${roleName} may ${action} on ${resource
    .replace(/-\w{12}(-\w{6})?$/, '')
    .replace(/i-[0-9a-f]{17}$/, 'i-')
    .replace(/secret:hsm\/(?!customer-ca)[\w-]+-\?{6}$/, 'secret:(of the admin)')}`;
  return prefixes.reduce((text, prefix) => text.replaceAll(prefix, '(prefix)'), title);
}

function prefixesOf({ steps }: Scenario): string[] {
  return ['cloudhsm-1', ...steps.map(({ parameters: { pSystem = 'cloudhsm', pEnvPurpose = '1' } = {} }) => `${pSystem}-${pEnvPurpose}`)];
}

/** Plays every scenario with one form of the template. */
export function playAll(form: Form): void {
  /** What the roles of all scenarios allow, as role, action and resource, and whether any call needed it. */
  const grants = new Map<string, boolean>();
  const told = new Set<string>();
  let calls = 0;
  const keyPool = new KeyPool();

  it.each(scenarioNames())('when %s', async (name) => {
    const scenario = await loadScenario(name);
    const report = await play(name, scenario, {
      form,
      keyPool,
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
    // CloudFormation shows a reason for what failed, and none for what succeeded.
    for (const { reason } of report.steps.flatMap(({ requests }) => requests.filter(({ status }) => status === 'FAILED'))) {
      // Neither an empty slot, nor the dots of a reason that was cut because it did not fit into an answer.
      expect(reason).not.toMatch(/\{\w+\}|\.\.\.( \(RequestId|$)/);
      for (const message of messagesIn(reason)) told.add(message);
    }
  });

  it('with every text for the user, and no other', () => {
    expect(Object.keys(MESSAGES).filter((name) => !told.has(name))).toEqual([]);
  });

  it('with roles that grant nothing which no scenario needs', () => {
    // Far fewer of either would mean that there was little to look at.
    expect(calls).toBeGreaterThan(5_000);
    expect(grants.size).toBeGreaterThan(50);
    expect([...grants].filter(([, used]) => !used).map(([title]) => title)).toEqual([]);
  });
}
