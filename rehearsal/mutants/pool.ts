import { fork, type ChildProcess } from 'node:child_process';

/** What a worker answers. */
export type Reply<Result> = { result: Result } | { error: string };

/**
 * Has child processes carry tasks out, each one after the other.
 * @param file the module that a child runs: it takes a task as a message and answers with a `Reply`
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
          results[index] = await ask<Result>(child, task);
          ended();
        }
      }),
    );
  } finally {
    for (const child of children) child.kill();
  }
  return results;
}

function ask<Result>(child: ChildProcess, task: object): Promise<Result> {
  return new Promise((resolve, reject) => {
    const failed = (code: number | null): void => reject(new Error(`A worker ended with status ${code} at ${JSON.stringify(task)}`));
    child.once('exit', failed);
    child.once('message', (reply: Reply<Result>) => {
      child.off('exit', failed);
      if ('error' in reply) reject(new Error(`${JSON.stringify(task)}: ${reply.error}`));
      else resolve(reply.result);
    });
    child.send(task);
  });
}
