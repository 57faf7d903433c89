import { KeyPool } from '../../simulator/ssm/key-pool';
import { render } from '../../templates/src/emit';
import { serve } from '../child-tasks';
import { Stage, type Recording as Visited } from '../sweep/stage';
import { allMutants } from './all-mutants';
import { judge, type Bench, type Notice, type Plays } from './judge';
import type { Mutant } from './mutant';
import { withCopy } from './project-copy';
import { record, type Recording } from './record';
import { runTests, type TestRun, type Tests } from './run-tests';
import { lifecycle } from '../sweep/lifecycles';

/** What a worker can do: record what a scenario uses, or where a lifecycle comes by; see whether tests pass without a mutant; look for who notices a mutant. */
export type Task =
  | { do: 'record'; scenario: string }
  | { do: 'visit'; lifecycle: string }
  | { do: 'test'; tests: Tests }
  | { do: 'judge'; id: string; plays: Plays };
/** What it answers to each; null is none. */
export type Result = Recording | Visited | TestRun | Notice | null;

const bench: Bench = { keyPool: new KeyPool(), healthy: new Stage(render('readable')) };
const mutants = allMutants();

async function carryOut(task: Task): Promise<Result> {
  switch (task.do) {
    case 'record':
      return record(task.scenario, bench.keyPool);
    case 'visit':
      return bench.healthy.record(lifecycle(task.lifecycle));
    case 'test':
      return withCopy({}, (root) => runTests(root, task.tests));
    case 'judge':
      return (await judge(mutantOf(task.id), task.plays, bench)) ?? null;
  }
}

function mutantOf(id: string): Mutant {
  const mutant = mutants.find((one) => one.id === id);
  if (!mutant) throw new Error(`There is no mutant ${id}`);
  return mutant;
}

serve(carryOut);
