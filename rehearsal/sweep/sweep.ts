import { casesOf, type SweepCase } from './case';
import { withoutExcused } from './exclusions';
import type { Lifecycle } from './lifecycle';
import { lifecycle } from './lifecycles';
import type { Played } from './play-case';
import { Pool } from './pool';
import type { Recording } from './stage';

/** What is swept. */
export interface Wanted {
  templateBody: string;
  lifecycles: readonly Lifecycle[];
  /** Which of their cases. Default: all. */
  choose?: (cases: SweepCase[]) => SweepCase[];
  workers: number;
}

/** A case with what became of it. */
export interface Result extends Played {
  one: SweepCase;
  /** The exclusions that excused something of it, by their numbers. */
  excusedBy: number[];
}

/** What a sweep has found. */
export interface Swept {
  recordings: Recording[];
  results: Result[];
  /** Core milliseconds of all processes. */
  coreMilliseconds: number;
}

/** Told of each result while the sweep goes on. */
export type Progress = (result: Result, done: number, all: number) => void;

/**
 * Records each lifecycle, and plays its cases.
 * @throws Error if a lifecycle cannot be played without a fault
 */
export async function sweep({ templateBody, lifecycles, choose = (cases) => cases, workers }: Wanted, progress: Progress = () => undefined): Promise<Swept> {
  const pool = new Pool(templateBody, workers);
  try {
    const models = lifecycles.flatMap(({ like }) => (like === undefined ? [] : [lifecycle(like)]));
    const recorded = await record(pool, [...new Set([...lifecycles, ...models])]);
    const recordingOf = (name = ''): Recording | undefined => recorded.find((one) => one.lifecycle === name);
    const recordings = recorded.slice(0, lifecycles.length);
    const cases = choose(lifecycles.flatMap((one, index) => (recordings[index] ? casesOf(one, recordings[index], recordingOf(one.like)) : [])));
    const results: Result[] = [];
    let done = 0;
    await pool.carryOut(
      cases.map((one) => ({ do: 'play', one })),
      (index, answer) => {
        const one = cases[index];
        if (!one) return;
        const played = isPlayed(answer) ? answer : brokenOff(one.id, answer);
        const result = { ...played, one, ...withoutExcused(one, played.broken) };
        results[index] = result;
        progress(result, ++done, cases.length);
      },
    );
    return { recordings, results, coreMilliseconds: await pool.count() };
  } finally {
    pool.close();
  }
}

async function record(pool: Pool, lifecycles: readonly Lifecycle[]): Promise<Recording[]> {
  const recordings: Recording[] = [];
  await pool.carryOut(
    lifecycles.map(({ name }) => ({ do: 'record', name })),
    (index, answer) => {
      if (!isRecording(answer)) throw new Error(`${lifecycles[index]?.name ?? ''} cannot be recorded: ${String(answer)}`);
      recordings[index] = answer;
    },
  );
  return recordings;
}

function isRecording(answer: unknown): answer is Recording {
  return typeof answer === 'object' && answer !== null && 'sites' in answer;
}

function brokenOff(id: string, answer: unknown): Played {
  return { id, struck: true, ended: '', operations: 0, visited: [], timeline: [], broken: [`the play broke off: ${String(answer)}`] };
}

function isPlayed(answer: unknown): answer is Played {
  return typeof answer === 'object' && answer !== null && 'broken' in answer;
}

/** The states of the template's machines that no case has come by. */
export function unvisited({ recordings, results }: Swept): string[] {
  const visited = new Set(results.flatMap((result) => result.visited));
  return [...new Set(recordings.flatMap(({ states }) => states))].filter((state) => !visited.has(state)).sort();
}
