import type { Json, LocalAws } from '../aws';
import { RealWork, type Release } from '../clock';
import type { Endpoint, Session } from '../endpoint';
import { NotModelled } from '../errors';
import type { Caller } from '../iam/iam';
import { timings } from '../timings';
import type { Crash } from './crash';
import type { FunctionRecord } from './function-record';
import type { FromWorker, Outcome } from './worker-messages';
import { PooledWorker, workerPool } from './worker-pool';

/** Where the output of functions goes; called with the caller whose permissions decide about it. */
export interface LogSink {
  write(caller: Caller, group: string, stream: string, message: string): void;
}

/** Tells the invocations of this process apart in what workers report. */
let runs = 0;

/** A place where one invocation at a time can run. Its worker thread is taken from the pool at first use. */
export class Slot {
  busy = false;
  #worker: PooledWorker | undefined;

  get worker(): PooledWorker {
    if (!this.#worker?.alive) this.#worker = workerPool.acquire();
    return this.#worker;
  }

  /** Whether this very worker still runs: then the environments in it are warm. */
  holds(worker: PooledWorker | undefined): boolean {
    return worker !== undefined && worker === this.#worker && worker.alive;
  }

  /** Gives the worker back; one that is busy is stopped. */
  release(): void {
    if (this.#worker && this.busy) this.#worker.kill();
    else if (this.#worker) workerPool.release(this.#worker);
    this.#worker = undefined;
  }
}

/**
 * An execution environment of a function: made cold, then reused, for one invocation at a time.
 * Source: Lambda Developer Guide, lambda-runtime-environment.
 */
export class Environment {
  busy = false;
  readonly #stream: string;
  #worker: PooledWorker | undefined;
  #session: Session | undefined;

  constructor(
    readonly aws: LocalAws,
    readonly endpoint: Endpoint,
    readonly logs: LogSink | undefined,
    readonly fn: Readonly<FunctionRecord>,
    readonly role: Caller,
    readonly slot: Slot,
  ) {
    const day = new Date(aws.clock.now).toISOString().slice(0, 10).replaceAll('-', '/');
    this.#stream = `${day}/[$LATEST]${aws.identifier(32)}`;
  }

  /** Whether an invocation can start here warm. */
  get warm(): boolean {
    return !this.busy && !this.slot.busy && this.slot.holds(this.#worker);
  }

  /** Keeps it, and its place, for the invocation that follows. */
  reserve(): void {
    this.busy = true;
    this.slot.busy = true;
  }

  /**
   * Runs the function on the payload; answers in virtual time when the function has ended, whatever its end.
   * @param crash what ends its process
   * @returns also how many of its requests were answered
   */
  async run(payload: Json, requestId: string, crash?: Crash): Promise<{ outcome: Outcome; requests: number }> {
    const cold = this.#worker === undefined;
    try {
      await this.aws.clock.sleep(cold ? timings.lambdaCold : timings.lambdaWarm);
      const worker = this.slot.worker;
      this.#worker = worker;
      const started = this.aws.clock.now;
      this.#mark('START', requestId, `Version: $LATEST`);
      const ended = await this.#invoke(worker, payload, requestId, cold, crash);
      const duration = (this.aws.clock.now - started).toFixed(2);
      this.#mark('END', requestId);
      this.#mark('REPORT', requestId, `Duration: ${duration} ms\tMemory Size: ${this.fn.memorySize} MB`);
      return ended;
    } finally {
      this.busy = false;
      this.slot.busy = false;
    }
  }

  #invoke(worker: PooledWorker, payload: Json, requestId: string, cold: boolean, crash?: Crash): Promise<{ outcome: Outcome; requests: number }> {
    return new Promise((resolve) => {
      const { clock } = this.aws;
      const work = new RealWork(clock);
      const deadline = clock.now + this.fn.timeout * 1000;
      const timers = new Map<number, () => void>();
      let received = 0;
      let answered = 0;
      let stirring: Release | undefined;
      let ended = false;
      let watchdog: NodeJS.Timeout | undefined;
      const run = ++runs;

      /** Code that computes, or waits for nothing, without end moves no virtual time: it is stopped in real time, and times out. */
      const watch = (): void => {
        clearTimeout(watchdog);
        watchdog = setTimeout(() => {
          worker.kill();
          stirring?.();
          work.end();
        }, this.fn.timeout * 1000);
        // While it runs the worker itself keeps the process alive.
        watchdog.unref();
      };

      /*
       * Code may do several things at once (a call and a timer that limits it), so that one of them waits in the simulator
       * does not mean that the worker is idle. After everything that can set the code going, virtual time stands still
       * until the worker says that it has nothing left to do.
       */
      const stir = (): void => {
        if (ended) return;
        worker.now = clock.now;
        watch();
        if (stirring) return;
        stirring = clock.hold();
        worker.post({ type: 'quiet?', run });
      };
      const settle = (begun: number, finished: number): void => {
        if (begun === received && finished >= answered) {
          if (timers.size > 0 || received > answered) clearTimeout(watchdog);
          stirring?.();
          stirring = undefined;
        } else worker.post({ type: 'quiet?', run });
      };
      const observer = {
        requestReceived: () => {
          received++;
          stir();
        },
        requestAnswered: () => {
          answered++;
          if (answered === crash?.afterRequests) exit(1);
          else stir();
        },
      };
      const finish = (outcome: Outcome, kill: boolean): void => {
        if (ended) return;
        ended = true;
        clearTimeout(watchdog);
        cancelAlarm();
        for (const cancel of [...timers.values()]) cancel();
        worker.listen(undefined);
        if (kill) {
          worker.kill();
          this.#session?.close();
        }
        stirring?.();
        work.end();
        resolve({ outcome, requests: answered });
      };
      const timeOut = (): void => {
        const seconds = this.fn.timeout.toFixed(2);
        const text = `Task timed out after ${seconds} seconds`;
        this.#write(`${new Date(clock.now).toISOString()} ${requestId} ${text}`);
        finish({ error: { errorType: 'Sandbox.Timedout', errorMessage: `RequestId: ${requestId} Error: ${text}` } }, true);
      };
      const cancelAlarm = clock.at(deadline, timeOut);
      const exit = (exitCode: number): void => {
        // Source: Lambda Developer Guide, troubleshooting-invocation: Runtime exited.
        const reason = exitCode === 0 ? 'Runtime exited without providing a reason' : `Runtime exited with error: exit status ${exitCode}`;
        finish({ error: { errorType: 'Runtime.ExitError', errorMessage: `RequestId: ${requestId} Error: ${reason}` } }, true);
      };
      const sleep = (id: number, milliseconds: number): void => {
        const elapsed = new Promise<boolean>((awake) => {
          const cancelTimer = clock.after(milliseconds, () => awake(true));
          timers.set(id, () => {
            cancelTimer();
            awake(false);
          });
        });
        void work.wait(elapsed).then((fired) => {
          timers.delete(id);
          if (ended) return;
          stir();
          if (fired) worker.post({ type: 'timer', id });
        });
        stir();
      };
      const hear = (message: FromWorker): void => {
        switch (message.type) {
          case 'log':
            this.#write(message.text);
            break;
          case 'sleep':
            sleep(message.id, message.milliseconds);
            break;
          case 'cancel':
            timers.get(message.id)?.();
            break;
          case 'quiet':
            if (message.run === run) settle(message.begun, message.finished);
            break;
          case 'refused':
            this.aws.refuse(new NotModelled(message.what), `function ${this.fn.name}`);
            break;
          case 'ended':
            // After an error that nothing caught the runtime ends its process.
            finish(message.outcome, message.fatal);
            break;
        }
      };
      worker.listen({
        message: hear,
        exited: exit,
      });
      if (crash?.afterRequests === 0) {
        exit(1);
        return;
      }
      if (this.#session) this.#session.resume(work, observer);
      else this.#session = this.endpoint.openSession(this.role, work, observer);
      worker.now = clock.now;
      worker.post({
        type: 'run',
        environment: this.#stream,
        ...(cold ? { code: this.fn.code } : {}),
        handler: this.fn.handler,
        runtime: this.fn.runtime,
        variables: this.#variables(this.#session),
        deadline,
        origin: this.endpoint.url,
        accessKeyId: this.#session.accessKeyId,
        jsonLogs: this.fn.logFormat === 'JSON',
        payload,
        context: {
          functionName: this.fn.name,
          functionVersion: '$LATEST',
          invokedFunctionArn: this.fn.arn,
          memoryLimitInMB: String(this.fn.memorySize),
          awsRequestId: requestId,
          logGroupName: this.fn.logGroup,
          logStreamName: this.#stream,
        },
      });
      watch();
    });
  }

  /** Source: Lambda Developer Guide, configuration-envvars, "Defined runtime environment variables". */
  #variables({ accessKeyId, secretAccessKey, sessionToken }: Session): Record<string, string> {
    return {
      ...this.fn.environment,
      _HANDLER: this.fn.handler,
      AWS_REGION: this.aws.region,
      AWS_DEFAULT_REGION: this.aws.region,
      AWS_EXECUTION_ENV: `AWS_Lambda_${this.fn.runtime}`,
      AWS_LAMBDA_FUNCTION_NAME: this.fn.name,
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(this.fn.memorySize),
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_LOG_GROUP_NAME: this.fn.logGroup,
      AWS_LAMBDA_LOG_STREAM_NAME: this.#stream,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_SESSION_TOKEN: sessionToken,
      LAMBDA_TASK_ROOT: '/var/task',
      TZ: ':UTC',
      AWS_ENDPOINT_URL: this.endpoint.url,
      // The SDK must not read the configuration of whoever runs the simulator.
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    };
  }

  /** Source: Lambda Developer Guide, monitoring-cloudwatchlogs-logformat: START, END and REPORT, in JSON platform.* events. */
  #mark(what: 'START' | 'END' | 'REPORT', requestId: string, more = ''): void {
    if (this.fn.logFormat === 'Text') {
      this.#write(`${what} RequestId: ${requestId}${what === 'REPORT' ? '\t' : ' '}${more}`.trimEnd());
      return;
    }
    const type = { START: 'platform.start', END: 'platform.runtimeDone', REPORT: 'platform.report' }[what];
    this.#write(JSON.stringify({ time: new Date(this.aws.clock.now).toISOString(), type, record: { requestId } }));
  }

  #write(text: string): void {
    this.logs?.write(this.role, this.fn.logGroup, this.#stream, text);
  }
}
