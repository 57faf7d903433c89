import { bench } from '../../rehearsal/bench';
import { splitTime } from '../../rehearsal/our-time';

describe('our time', () => {
  it.each([
    ['nothing of AWS', [], { aws: 0, ours: 100 }],
    ['one call', [{ what: 'kms:DescribeCustomKeyStores', from: 10, to: 40 }], { aws: 30, ours: 70 }],
    ['overlapping spans, which count once', [{ what: 'connect', from: 10, to: 60 }, { what: 'kms:DescribeCustomKeyStores', from: 50, to: 70 }], { aws: 60, ours: 40 }],
    ['a span within another', [{ what: 'connect', from: 10, to: 90 }, { what: 'ssm:SendCommand', from: 20, to: 30 }], { aws: 80, ours: 20 }],
    ['spans that reach beyond', [{ what: 'connect', from: -50, to: 20 }, { what: 'disconnect', from: 95, to: 500 }], { aws: 25, ours: 75 }],
    ['calls of Lambda and Step Functions, which are ours', [{ what: 'lambda:Invoke', from: 0, to: 90 }, { what: 'states:StartExecution', from: 0, to: 50 }], { aws: 0, ours: 100 }],
  ])('is what AWS has not taken, with %s', (_what, spans, split) => {
    expect(splitTime(spans, 0, 100)).toEqual(split);
  });

  it('in a create stays within its bounds, for every second of connect time from 30 to 1,800', async () => {
    const table = await bench();
    const row = (name: string): number[] => (new RegExp(`^${name} +(.*)$`, 'm').exec(table)?.[1] ?? '').split(/ +/).map(Number);
    const [measured, most] = [row('constants as they are'), row('as they are, at most')];
    expect(most).toEqual([15, 10, 5]);
    expect(measured.every((value, index) => value > 0 && value <= (most[index] ?? 0))).toBe(true);
    expect(row('constants doubled')).toHaveLength(3);
  });
});
