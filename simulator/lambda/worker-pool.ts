import { buildSync } from 'esbuild';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { FromWorker, ToWorker, WorkerSetting } from './worker-messages';

/** What the user of a worker hears from it. */
export interface WorkerListener {
  message(message: FromWorker): void;
  /** The worker is gone, by process.exit with this code or by a fault of its own. */
  exited(exitCode: number): void;
}

/** One worker thread with the Lambda runtime in it. It does not keep the process alive unless somebody listens to it. */
export class PooledWorker {
  readonly #worker: Worker;
  readonly #now: Float64Array;
  #listener: WorkerListener | undefined;
  #alive = true;

  constructor(code: string) {
    const clock = new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT);
    this.#now = new Float64Array(clock);
    const workerData: WorkerSetting = { root: __dirname, clock };
    // An empty env: nothing of the host's reaches function code.
    this.#worker = new Worker(code, { eval: true, workerData, env: {}, stdout: true, stderr: true });
    this.#worker.unref();
    this.#worker.on('message', (message: FromWorker) => this.#listener?.message(message));
    // An error that the runtime does not catch (out of memory) is followed by the exit.
    this.#worker.on('error', () => undefined);
    this.#worker.on('exit', (exitCode) => {
      this.#alive = false;
      this.#listener?.exited(exitCode);
    });
  }

  get alive(): boolean {
    return this.#alive;
  }

  /** Virtual milliseconds since the epoch, as the code in the worker sees them. */
  set now(now: number) {
    this.#now[0] = now;
  }

  /** The process lives on while somebody listens. */
  listen(listener: WorkerListener | undefined): void {
    this.#listener = listener;
    if (listener) this.#worker.ref();
    else this.#worker.unref();
  }

  post(message: ToWorker): void {
    this.#worker.postMessage(message);
  }

  /** Stops its code wherever it is. */
  kill(): void {
    this.#alive = false;
    this.listen(undefined);
    void this.#worker.terminate();
  }
}

/** The worker threads of this process that wait for work. Loading the SDK takes a quarter of a second: once per worker. */
class WorkerPool {
  readonly #idle: PooledWorker[] = [];
  #code: string | undefined;

  acquire(): PooledWorker {
    this.#code ??= bundleWorker();
    return this.#idle.pop() ?? new PooledWorker(this.#code);
  }

  release(worker: PooledWorker): void {
    if (!worker.alive) return;
    worker.post({ type: 'forget' });
    this.#idle.push(worker);
  }

  /** Ends the idle workers; for tests, whose processes go on with another copy of this module. */
  close(): void {
    for (const worker of this.#idle.splice(0)) worker.kill();
  }
}

export const workerPool = new WorkerPool();

/** Worker threads take JavaScript only, whoever runs the simulator (tsx, jest). */
function bundleWorker(): string {
  const { outputFiles } = buildSync({
    entryPoints: [join(__dirname, 'worker.ts')],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
  });
  const [output] = outputFiles;
  if (!output) throw new Error('esbuild made no output of worker.ts');
  return output.text;
}
