import { fork, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ask, TimedOut } from '../child-tasks';
import type { Result, Task } from './worker';

/** Real milliseconds after which a task is given up: it should take one second. */
const PATIENCE = 180_000;

/** Where Linux has a file system in memory. */
const MEMORY = '/dev/shm';

/** Child processes that carry out tasks. */
export class Pool {
  readonly #children: (ChildProcess | undefined)[];

  constructor(
    readonly templateBody: string,
    workers: number,
  ) {
    this.#children = Array.from({ length: workers }, () => undefined);
  }

  /**
   * Carries tasks out, the first by the first child, and so on in turn, so that each child always gets the same ones.
   * @param ended told of each result, or of the error of a task that could not be carried out
   */
  async carryOut(tasks: readonly Task[], ended: (index: number, result: Result | Error) => void): Promise<void> {
    await Promise.all(
      this.#children.map(async (_child, number) => {
        for (let index = number; index < tasks.length; index += this.#children.length) {
          const task = tasks[index];
          if (task) ended(index, await this.#ask(number, task));
        }
      }),
    );
  }

  /** Core milliseconds that the children have used. */
  async count(): Promise<number> {
    let total = 0;
    await this.carryOut(
      this.#children.map(() => ({ do: 'count' })),
      (_index, result) => {
        if (typeof result === 'number') total += result;
      },
    );
    return total;
  }

  close(): void {
    for (const child of this.#children) child?.kill();
  }

  async #ask(number: number, task: Task): Promise<Result | Error> {
    const known = this.#children[number];
    const child = known ?? this.#start(number);
    try {
      if (!known) await ask(child, { do: 'begin', templateBody: this.templateBody } satisfies Task, PATIENCE);
      return await ask<Result>(child, task, PATIENCE);
    } catch (error) {
      if (!child.connected || error instanceof TimedOut) {
        child.kill('SIGKILL');
        this.#children[number] = undefined;
      }
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  #start(number: number): ChildProcess {
    // Whoever runs the sweep may not run TypeScript itself in the way that a child needs.
    const child = fork(path.join(__dirname, 'worker.ts'), {
      execArgv: ['--import', pathToFileURL(require.resolve('tsx')).href],
      // Each world has file trees, made and removed: in memory that takes a tenth of the time.
      env: { ...process.env, ...(existsSync(MEMORY) && { TMPDIR: MEMORY }) },
    });
    this.#children[number] = child;
    return child;
  }
}
