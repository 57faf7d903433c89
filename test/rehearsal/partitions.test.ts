import { play } from '../../rehearsal/play';
import { DEFAULT_SCENARIO, loadScenario } from '../../rehearsal/scenarios';
import { STACK } from '../../rehearsal/world';
import { KeyPool } from '../../simulator/ssm/key-pool';

const keyPool = new KeyPool();

it.each([
  ['aws', 'ap-southeast-1', 'https://ap-southeast-1.console.aws.amazon.com/'],
  ['aws-us-gov', 'us-gov-west-1', 'https://us-gov-west-1.console.amazonaws-us-gov.com/'],
])('the happy path plays as it must in %s, %s, and links to its console', async (partition, region, console) => {
  const links: unknown[] = [];
  const arns = new Set<string>();
  const report = await play(DEFAULT_SCENARIO, await loadScenario(DEFAULT_SCENARIO), {
    keyPool,
    place: { partition, region },
    listener: {
      over: ({ account }) => {
        for (const { caller } of account.aws.calls) if (caller.startsWith('arn:')) arns.add(caller.split(':').slice(0, 2).join(':'));
        links.push(account.cloudFormation.stack(STACK).outputs);
      },
    },
  });
  expect(report.failures).toEqual([]);
  expect([...arns]).toEqual([`arn:${partition}`]);
  expect(JSON.stringify(links)).toContain(console);
});
