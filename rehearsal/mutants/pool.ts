import { fork } from 'node:child_process';
import { ask } from '../child-tasks';

/**
 * Has child processes carry tasks out, each one after the other.
 * @param file the module that a child runs: it serves tasks
 * @param ended told after each task
 * @returns the results, in the order of the tasks
 * @throws Error if a child fails, or cannot carry a task out
 */
export async function inParallel<Result>(file: string, tasks: readonly object[], workers: number, ended: () => void): Promise<Result[]> {
  const results: Result[] = [];
  const queue = [...tasks.entries()];
  const children = Array.from({ length: Math.min(workers, tasks.length) }, () => fork(file));
  try {
    await Promise.all(
      children.map(async (child) => {
        for (let next = queue.shift(); next; next = queue.shift()) {
          const [index, task] = next;
          results[index] = await ask<Result>(child, task).catch((error: unknown) => {
            throw new Error(`${JSON.stringify(task)} was not carried out`, { cause: error });
          });
          ended();
        }
      }),
    );
  } finally {
    for (const child of children) child.kill();
  }
  return results;
}
