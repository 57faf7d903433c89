import { Clock, RealWork } from '../../simulator/clock';

let clock: Clock;

beforeEach(() => {
  clock = new Clock(1_000);
});

test('events come in the order of their times, and of two at one time the first asked for', async () => {
  const seen: string[] = [];
  for (const [name, time] of [['late', 1_300], ['first', 1_200], ['second', 1_200], ['past', 5]] as const) clock.at(time, () => seen.push(`${name} at ${clock.now}`));
  await clock.runTo(1_250);
  expect([clock.now, seen]).toEqual([1_250, ['past at 1000', 'first at 1200', 'second at 1200']]);
});

test('an event that was taken back does not come', async () => {
  const seen: number[] = [];
  const takeBack = clock.after(10, () => seen.push(1));
  clock.after(20, () => seen.push(2));
  takeBack();
  takeBack();
  await clock.runTo(2_000);
  expect(seen).toEqual([2]);
});

test('what follows an event in a promise runs before time moves on', async () => {
  const seen: number[] = [];
  const wake = async (): Promise<void> => {
    await clock.sleep(10);
    await Promise.resolve();
    seen.push(clock.now);
  };
  void wake();
  clock.after(11, () => seen.push(clock.now));
  await clock.runTo(2_000);
  expect(seen).toEqual([1_010, 1_011]);
});

test('waiting for what cannot come ends with the time at which nothing is left', async () => {
  clock.after(500, () => undefined);
  await expect(clock.runUntil(() => false)).rejects.toThrow('At 1970-01-01T00:00:01.500Z nothing is left to happen');
});

test('a promise is played to its value or its error', async () => {
  await expect(clock.runUntilSettled(clock.sleep(50).then(() => clock.now))).resolves.toBe(1_050);
  await expect(clock.runUntilSettled(clock.sleep(50).then(() => Promise.reject(new Error('it failed'))))).rejects.toThrow('it failed');
});

test('time stands still while it is held, however long that takes', async () => {
  const release = clock.hold();
  const held: number[] = [];
  setTimeout(() => {
    held.push(clock.now);
    release();
    release();
  }, 30);
  const another = clock.hold();
  setTimeout(another, 10);
  await clock.runUntilSettled(clock.sleep(10_000));
  expect([held, clock.now]).toEqual([[1_000], 11_000]);
});

test('real work holds time, except while it waits for the simulator', async () => {
  const work = new RealWork(clock);
  const steps: [string, number][] = [];
  const script = async (): Promise<void> => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    steps.push(['worked', clock.now]);
    await work.wait(Promise.all([work.wait(clock.sleep(100)), clock.sleep(200)]));
    steps.push(['waited', clock.now]);
    await new Promise((resolve) => setTimeout(resolve, 20));
    steps.push(['worked', clock.now]);
    work.end();
  };
  clock.after(150, () => steps.push(['elsewhere', clock.now]));
  clock.after(201, () => steps.push(['elsewhere', clock.now]));
  await clock.runUntilSettled(script());
  await clock.runTo(2_000);
  expect(steps).toEqual([['worked', 1_000], ['elsewhere', 1_150], ['waited', 1_200], ['worked', 1_200], ['elsewhere', 1_201]]);
});

test('work that is killed while it waits never holds time again', async () => {
  const work = new RealWork(clock);
  const waiting = work.wait(clock.sleep(100));
  work.end();
  await clock.runUntilSettled(waiting);
  await clock.runTo(9_000);
  expect(clock.now).toBe(9_000);
});
