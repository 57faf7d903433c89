import { serve } from '../child-tasks';
import type { SweepCase } from './case';
import { coreMilliseconds } from './core-milliseconds';
import { lifecycle } from './lifecycles';
import { playCase, type Played } from './play-case';
import { Stage, type Recording } from './stage';

/** What a worker can do: take the template, record a lifecycle, play a case, tell how long it has worked. */
export type Task = { do: 'begin'; templateBody: string } | { do: 'record'; name: string } | { do: 'play'; one: SweepCase } | { do: 'count' };
/** What it answers to each. */
export type Result = null | Recording | Played | number;

let stage: Stage | undefined;

async function carryOut(task: Task): Promise<Result> {
  if (task.do === 'count') return coreMilliseconds();
  if (task.do === 'begin') {
    stage = new Stage(task.templateBody);
    return null;
  }
  if (!stage) throw new Error('The worker has no template');
  return task.do === 'record' ? stage.record(lifecycle(task.name)) : playCase(stage, lifecycle(task.one.lifecycle), task.one);
}

serve(carryOut);
