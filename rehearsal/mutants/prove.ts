import path from 'node:path';
import { DEFAULT_SCENARIO, scenarioNames } from '../scenarios';
import { LIFECYCLES } from '../sweep/lifecycles';
import type { Recording as Visited } from '../sweep/stage';
import { guardOf } from './guards';
import { testsFor, type Notice, type Plays } from './judge';
import type { Mutant } from './mutant';
import { inParallel } from './pool';
import type { Recording } from './record';
import type { Outcome } from './report';
import type { TestRun, Tests } from './run-tests';
import { casesFor } from './sweep-cases';
import type { Task } from './worker';

const WORKER = path.join(__dirname, 'worker');

/** What came of all mutants. */
export interface Proof {
  outcomes: Outcome[];
  /** What is to notice mutants, and finds something wrong without any. */
  unfit: string[];
}

/** Records what each scenario uses and where each lifecycle comes by, runs the tests without a mutant, and then looks for who notices each mutant. */
export async function prove(mutants: Mutant[], workers: number): Promise<Proof> {
  const carryOut = <Result>(what: string, tasks: Task[]): Promise<Result[]> => inParallel<Result>(WORKER, tasks, workers, progress(what, tasks.length));
  const { scenarios, lifecycles, tests } = neededFor(mutants);
  const recordings = await carryOut<Recording>('scenarios', scenarios.map((scenario) => ({ do: 'record', scenario })));
  const visited = await carryOut<Visited>('lifecycles', lifecycles.map((lifecycle) => ({ do: 'visit', lifecycle })));
  const runs = await carryOut<TestRun>('tests', tests.map((one) => ({ do: 'test', tests: one })));
  const judgements = mutants.map((mutant): Task => ({ do: 'judge', id: mutant.id, plays: playsFor(mutant, recordings, visited) }));
  const notices = await carryOut<Notice | null>('mutants', judgements);
  return {
    outcomes: mutants.map((mutant, index) => ({ mutant, ...(notices[index] && { notice: notices[index] }) })),
    unfit: [
      ...recordings.flatMap(({ scenario, failures: [failure] }) => (failure === undefined ? [] : [unfit(`the scenario ${scenario} fails`, failure)])),
      ...tests.flatMap(({ file }, index) => (whyUnfit(runs[index]) ? [unfit(`the tests of ${file} fail`, whyUnfit(runs[index]))] : [])),
    ],
  };
}

/** What may be asked about the mutants: a guard asks its own, of all else nobody knows before who uses it. */
function neededFor(mutants: Mutant[]): { scenarios: string[]; lifecycles: string[]; tests: Tests[] } {
  const own = mutants.filter(({ kind }) => kind === 'guard').map(({ id }) => guardOf(id).noticedBy);
  const isOwn = (scenario: string): boolean => own.some((by) => 'scenario' in by && by.scenario === scenario);
  const isOwnLifecycle = (lifecycle: string): boolean => own.some((by) => 'sweep' in by && by.sweep.startsWith(`${lifecycle}/`));
  const tests = new Map(mutants.flatMap(testsFor).map((one) => [JSON.stringify(one), one]));
  return {
    scenarios: scenarioNames().filter((name) => own.length < mutants.length || isOwn(name)),
    lifecycles: LIFECYCLES.map(({ name }) => name).filter((name) => mutants.some(({ kind }) => kind === 'Retrier') || isOwnLifecycle(name)),
    tests: [...tests.values()],
  };
}

const unfit = (what: string, why = ''): string => `without a mutant, ${what}: ${why}`;

/** Why tests show nothing. */
function whyUnfit({ passed, failed }: TestRun = { passed: 0 }): string | undefined {
  return failed ?? (passed === 0 ? 'none could be run' : undefined);
}

/** What is played for a mutant: the scenario of a guard, and of all else each that uses it. One that fails without a mutant shows nothing. */
function playsFor(mutant: Mutant, recordings: Recording[], visited: Visited[]): Plays {
  const noticedBy = mutant.kind === 'guard' ? guardOf(mutant.id).noticedBy : undefined;
  const uses = ({ scenario, taken }: Recording): boolean =>
    noticedBy ? 'scenario' in noticedBy && noticedBy.scenario === scenario : taken.some((rule) => mutant.id === rule || mutant.id.startsWith(`${rule}/`));
  const fit = recordings.filter((recording) => recording.failures.length === 0 && uses(recording)).sort((one, other) => one.calls - other.calls);
  return { scenarios: worthPlaying(fit.map(({ scenario }) => scenario)), cases: casesFor(mutant, visited) };
}

/** How many scenarios are played for one mutant, at most: what that many do not notice, hardly another one does. */
const ENOUGH = 40;
/** After so many of the cheapest the happy path is played, which meets more than most. */
const CHEAPEST = 3;

function worthPlaying(scenarios: string[]): string[] {
  const first = [...scenarios.slice(0, CHEAPEST), ...scenarios.filter((name) => name === DEFAULT_SCENARIO)];
  return [...new Set([...first, ...scenarios])].slice(0, ENOUGH);
}

/** Counts on the terminal what is done; elsewhere it keeps still. */
function progress(what: string, total: number): () => void {
  let done = 0;
  const show = (): void => {
    if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${done === total ? '' : `${done} of ${total} ${what}`}`);
  };
  show();
  return () => {
    done++;
    show();
  };
}
