import { timings } from '../simulator/timings';
import { splitTime } from './our-time';
import { play } from './play';
import type { Scenario } from './scenario';

/** Seconds of connect time that the table covers. */
const SHORTEST = 30;
const LONGEST = 1_800;

/** The constants that are ours: the rest is AWS's. */
const OURS = ['lambdaCold', 'lambdaWarm', 'stateTransition', 'nestedExecution', 'keyGeneration', 'eventDelivery'] as const;

const scenario: Scenario = {
  shows: 'A create with the longest connect time',
  steps: [
    {
      do: 'create',
      before: ({ account: { kms } }) => {
        kms.connectMillis = LONGEST * 1000;
      },
      ends: 'CREATE_COMPLETE',
      keyStore: 'CONNECTED',
      within: LONGEST + 120,
    },
  ],
  leaves: [/./],
};

/** Our seconds in a create, for each second of connect time. */
interface OurSeconds {
  worst: number;
  mean: number;
  /** The worst share of the whole create from five minutes of connect time up. */
  share: number;
}

/**
 * Measures our time in a create. The connect machine looks at the key store at times that do not depend on when it becomes CONNECTED,
 * so one create with the longest connect tells for every shorter one when it would have been seen.
 */
async function measure(): Promise<OurSeconds> {
  let polls: number[] = [];
  let base = 0;
  let awsBase = 0;
  const report = await play('bench', scenario, {
    listener: {
      over: ({ account: { aws, cloudFormation } }) => {
        const connect = aws.spans.find(({ what }) => what === 'connect');
        const [answer] = cloudFormation.answers;
        const request = answer && cloudFormation.state.customResources.requests[answer.requestId];
        if (!connect || !answer || !request) throw new Error('The create was not answered');
        const looks = aws.spans.filter(({ what, from }) => what === 'kms:DescribeCustomKeyStores' && from > connect.from);
        polls = looks.map(({ from }) => from - connect.from);
        const { aws: awsTime, ours } = splitTime(aws.spans, request.sentAt, answer.time);
        base = ours - lag(polls, LONGEST * 1000);
        awsBase = awsTime - LONGEST * 1000;
      },
    },
  });
  if (report.failures.length > 0) throw new Error(report.failures.join('; '));
  const all = Array.from({ length: LONGEST - SHORTEST + 1 }, (_, index) => {
    const connect = (SHORTEST + index) * 1000;
    const ours = base + lag(polls, connect);
    return { connect, ours, share: ours / (ours + awsBase + connect) };
  });
  return {
    worst: Math.max(...all.map(({ ours }) => ours)) / 1000,
    mean: all.reduce((sum, { ours }) => sum + ours, 0) / all.length / 1000,
    share: Math.max(...all.filter(({ connect }) => connect >= 300_000).map(({ share }) => share)),
  };
}

/** Milliseconds from the end of a connect until the next look at it begins. */
function lag(polls: number[], connect: number): number {
  return (polls.find((poll) => poll >= connect) ?? connect) - connect;
}

/** A table of our time in a create, with our constants as they are and doubled. */
export async function bench(): Promise<string> {
  const once = await measure();
  const before = { ...timings };
  for (const name of OURS) timings[name] *= 2;
  const doubled = await measure();
  Object.assign(timings, before);
  const row = (name: string, { worst, mean, share }: OurSeconds): string =>
    `${name.padEnd(22)}${worst.toFixed(1).padStart(8)}${mean.toFixed(1).padStart(8)}${(share * 100).toFixed(1).padStart(18)}`;
  return [
    `Our seconds in a create, over every second of connect time from ${SHORTEST} to ${LONGEST}`,
    `${''.padEnd(22)}${'worst'.padStart(8)}${'mean'.padStart(8)}${'% from 5 minutes'.padStart(18)}`,
    row('constants as they are', once),
    row('constants doubled', doubled),
    row('as they are, at most', { worst: 15, mean: 10, share: 0.05 }),
  ].join('\n');
}
