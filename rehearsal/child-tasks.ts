import type { ChildProcess } from 'node:child_process';

/** What a child process answers to a task. */
type Reply<Result> = { result: Result } | { error: string };

/** A child that has not answered in time; it may hang. */
export class TimedOut extends Error {
  override readonly name = 'TimedOut';
}

/**
 * Has a child process, which serves tasks, carry one out.
 * @param patience real milliseconds that it may take; default: any time
 * @throws Error what the task threw, with its stack; or that the child has ended; TimedOut
 */
export function ask<Result>(child: ChildProcess, task: object, patience?: number): Promise<Result> {
  return new Promise((resolve, reject) => {
    const settle = (answer: Result | Error): void => {
      clearTimeout(alarm);
      child.off('exit', gone);
      child.off('message', heard);
      if (answer instanceof Error) reject(answer);
      else resolve(answer);
    };
    const gone = (code: number | null): void => settle(new Error(`the worker ended with status ${code}`));
    const heard = (reply: Reply<Result>): void => settle('error' in reply ? new Error(reply.error) : reply.result);
    const alarm = patience === undefined ? undefined : setTimeout(() => settle(new TimedOut(`no end after ${patience / 1000} real seconds`)), patience);
    child.once('exit', gone);
    child.once('message', heard);
    child.send(task);
  });
}

/** In a child process: carries out each task that its parent sends, and answers it. It ends when its parent is gone. */
export function serve(carryOut: (task: never) => Promise<unknown>): void {
  const answer = (reply: Reply<unknown>): void => void process.send?.(reply);
  process.on('message', (task) => {
    carryOut(task as never).then(
      (result) => answer({ result }),
      (error: unknown) => answer({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    );
  });
  process.on('disconnect', () => process.exit());
}
