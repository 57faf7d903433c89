import { AsyncResource } from 'node:async_hooks';
import { subscribe } from 'node:diagnostics_channel';
import { createRequire, isBuiltin } from 'node:module';
import { join } from 'node:path';
import { format } from 'node:util';
import { compileFunction } from 'node:vm';
import { parentPort, workerData } from 'node:worker_threads';
import type { FromWorker, FunctionError, RunMessage, ToWorker, WorkerSetting } from './worker-messages';

/**
 * What runs in a worker thread: the Lambda runtime for Node.js. It keeps environments (compiled function code) and runs
 * one invocation at a time. Time, timers, output and the network that function code sees are the simulator's.
 */

type Handler = (event: unknown, context: unknown) => unknown;

interface Environment {
  handler: Handler;
  variables: NodeJS.ProcessEnv;
}

if (!parentPort) throw new Error('worker.ts runs in a worker thread only');
const port = parentPort;
const setting = workerData as WorkerSetting;
const requireInstalled = createRequire(join(setting.root, 'worker.js'));
const virtualNow = new Float64Array(setting.clock);
const environments = new Map<string, Environment>();
const timers = new Map<number, () => void>();
let nextTimer = 1;
let current: RunMessage | undefined;

function post(message: FromWorker): void {
  port.postMessage(message);
}

/** The error that ends a function which asks for what is not modelled. */
function refuse(what: string): Error {
  post({ type: 'refused', what });
  return Object.assign(new Error(`The simulator does not model ${what}`), { name: 'NotModelled' });
}

// --- Time ---

class VirtualDate extends Date {
  constructor(...values: [] | ConstructorParameters<typeof Date>) {
    // Date takes from none to seven values; only none means now.
    if (values.length === 0) super(VirtualDate.now());
    else super(...(values as [number]));
  }

  static override now(): number {
    return virtualNow[0] ?? 0;
  }
}

interface Timer {
  id: number;
  ref(): Timer;
  unref(): Timer;
  hasRef(): boolean;
  [Symbol.toPrimitive](): number;
}

/** As Node's: whatever the code gives for the time is taken as a number, and none as 1 ms. Source: Node.js documentation, timers. */
function setVirtualTimeout(callback: (...values: unknown[]) => void, milliseconds?: unknown, ...values: unknown[]): Timer {
  const id = nextTimer++;
  timers.set(id, AsyncResource.bind(() => callback(...values)));
  post({ type: 'sleep', id, milliseconds: Math.max(Number(milliseconds) || 0, 1) });
  const timer: Timer = { id, ref: () => timer, unref: () => timer, hasRef: () => true, [Symbol.toPrimitive]: () => id };
  return timer;
}

function clearVirtualTimeout(timer: Timer | number | null | undefined): void {
  const id = typeof timer === 'object' ? timer?.id : timer;
  if (id !== undefined && timers.delete(id)) post({ type: 'cancel', id });
}

function sleepVirtually(milliseconds?: number, value?: unknown, options?: { signal?: AbortSignal }): Promise<unknown> {
  if (options?.signal) return Promise.reject(refuse('the option signal of timers/promises'));
  return new Promise((resolve) => setVirtualTimeout(() => resolve(value), milliseconds));
}

function refuseInterval(): never {
  throw refuse('setInterval in a function');
}

// --- Output ---

/** The runtime's line formats. Source: Lambda Developer Guide, nodejs-logging and monitoring-cloudwatchlogs-logformat. */
function log(level: string, text: string): void {
  const timestamp = new VirtualDate().toISOString();
  const requestId = current?.context.awsRequestId ?? '';
  post({ type: 'log', text: current?.jsonLogs ? JSON.stringify({ timestamp, level, requestId, message: text }) : `${timestamp}\t${requestId}\t${level}\t${text}` });
}

const levels = { log: 'INFO', info: 'INFO', warn: 'WARN', error: 'ERROR', debug: 'DEBUG', trace: 'TRACE' };
const functionConsole = Object.fromEntries(
  Object.entries(levels).map(([name, level]) => [name, (...values: unknown[]) => log(level, format(...values))]),
);

function writeRaw(text: string | Uint8Array): boolean {
  post({ type: 'log', text: typeof text === 'string' ? text : Buffer.from(text).toString('utf8') });
  return true;
}

process.stdout.write = writeRaw;
process.stderr.write = writeRaw;
// The SDK warns of the Node version that runs the simulator, which is not the function's.
process.removeAllListeners('warning');

// --- Network ---

let begun = 0;
let finished = 0;
const open = new Set<object>();

function begin(message: unknown): void {
  begun++;
  open.add((message as { request: object }).request);
}

function finish(message: unknown): void {
  if (open.delete((message as { request: object }).request)) finished++;
}

// The SDK goes by node:http, the global fetch by undici.
subscribe('http.client.request.start', begin);
subscribe('http.client.response.finish', finish);
subscribe('http.client.request.error', finish);
subscribe('undici:request:create', begin);
subscribe('undici:request:trailers', finish);
subscribe('undici:request:error', finish);

/** Real fetch to the endpoint, with the header that tells it whose session this is. */
const fetchFromEndpoint: typeof fetch = async (input, init) => {
  if (!current) throw new Error('No invocation runs');
  const request = input instanceof Request ? input : undefined;
  const url = request ? request.url : String(input);
  // The address alone may be told: a query can hold a signature.
  if (new URL(url).origin !== current.origin) throw refuse(`the address ${new URL(url).origin}`);
  const headers = new Headers(init?.headers ?? request?.headers);
  headers.set('x-simulator-session', current.accessKeyId);
  return fetch(input, { ...init, headers });
};

// --- Modules ---

const virtualTimerModules: Record<string, unknown> = {
  timers: { setTimeout: setVirtualTimeout, clearTimeout: clearVirtualTimeout, setInterval: refuseInterval, setImmediate, clearImmediate },
  'timers/promises': { setTimeout: sleepVirtually, setInterval: refuseInterval },
};
const refusedModules = /^(http|https|http2|net|tls|dgram|child_process|cluster|worker_threads|inspector|vm)(\/|$)/;

/** `require` of function code: Node's own modules and the SDK, which is all that inline code has. Source: nodejs-package. */
function requireForFunction(name: string): unknown {
  const bare = name.replace(/^node:/, '');
  if (isBuiltin(name)) {
    if (refusedModules.test(bare)) throw refuse(`the module ${bare} in a function`);
    return virtualTimerModules[bare] ?? requireInstalled(name);
  }
  if (!name.startsWith('@aws-sdk/') && !name.startsWith('@smithy/')) {
    throw Object.assign(new Error(`Cannot find module '${name}'`), { code: 'MODULE_NOT_FOUND' });
  }
  return withEndpointFromEnvironment(name, requireInstalled(name) as Record<string, unknown>);
}

/**
 * An old release of this client ignores AWS_ENDPOINT_URL, which the one in Lambda's runtime reads; and it makes one attempt
 * more than it is told (util-retry 3.329, StandardRetryStrategy: it compares the retries so far with the attempts).
 */
function withEndpointFromEnvironment(name: string, sdk: Record<string, unknown>): unknown {
  if (name !== '@aws-sdk/client-cloudhsm-v2') return sdk;
  const wrapped: Record<string, unknown> = { ...sdk };
  for (const className of ['CloudHSMV2Client', 'CloudHSMV2']) {
    const Client = sdk[className] as new (configuration: object) => object;
    wrapped[className] = class extends Client {
      constructor(configuration: { maxAttempts?: number } = {}) {
        const maxAttempts = configuration.maxAttempts ?? Number(process.env['AWS_MAX_ATTEMPTS'] ?? 3);
        super({ endpoint: process.env['AWS_ENDPOINT_URL'], ...configuration, maxAttempts: maxAttempts - 1 });
      }
    };
  }
  return wrapped;
}

const parameters = {
  require: requireForFunction,
  console: functionConsole,
  Date: VirtualDate,
  setTimeout: setVirtualTimeout,
  clearTimeout: clearVirtualTimeout,
  setInterval: refuseInterval,
  fetch: fetchFromEndpoint,
};

/** Fails as the runtime's interface client does: names as in aws-lambda-nodejs-runtime-interface-client, Errors.js. */
function failure(errorType: string, errorMessage: string): Error {
  return Object.assign(new Error(errorMessage), { name: errorType });
}

function startEnvironment(code: string, run: RunMessage): Environment {
  const variables: NodeJS.ProcessEnv = { ...run.variables };
  process.env = variables;
  const module: { exports: Record<string, unknown> } = { exports: {} };
  const names = Object.keys(parameters);
  let body;
  try {
    body = compileFunction(code, ['exports', 'module', '__filename', '__dirname', ...names], { filename: '/var/task/index.js' });
  } catch (error) {
    throw failure('Runtime.UserCodeSyntaxError', String(error));
  }
  try {
    Reflect.apply(body, undefined, [module.exports, module, '/var/task/index.js', '/var/task', ...Object.values(parameters)]);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND') {
      throw failure('Runtime.ImportModuleError', `Error: ${error.message}`);
    }
    throw error;
  }
  const handler = module.exports[run.handler.replace(/^index\./, '')];
  if (typeof handler !== 'function') throw failure('Runtime.HandlerNotFound', `${run.handler} is undefined or not exported`);
  if (handler.length > 2) {
    if (run.runtime === 'nodejs22.x') throw refuse('handlers with a callback in nodejs22.x');
    // Source: Lambda Developer Guide, nodejs-handler: callback handlers end with Node.js 22.
    throw failure('Runtime.CallbackHandlerDeprecated', 'AWS Lambda has removed support for callback-based function handlers starting with Node.js 24.');
  }
  return { handler: handler as Handler, variables };
}

/** How the runtime's interface client reports what was thrown. */
function describeError(error: unknown): FunctionError {
  if (error instanceof Error) return { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n') };
  return { errorType: typeof error, errorMessage: String(error), trace: [] };
}

async function run(message: RunMessage): Promise<void> {
  current = message;
  begun = 0;
  finished = 0;
  open.clear();
  timers.clear();
  let environment = environments.get(message.environment);
  try {
    if (!environment) {
      if (message.code === undefined) throw new Error(`No environment ${message.environment}`);
      environment = startEnvironment(message.code, message);
      environments.set(message.environment, environment);
    }
    process.env = environment.variables;
    const context = {
      ...message.context,
      callbackWaitsForEmptyEventLoop: true,
      getRemainingTimeInMillis: () => Math.max(0, message.deadline - VirtualDate.now()),
    };
    const result = await environment.handler(message.payload, context);
    // As the runtime's interface client: no answer is null.
    end({ result: JSON.stringify(result === undefined ? null : result) }, false);
  } catch (error) {
    // Code that cannot be loaded ends the runtime, which starts anew at the next invocation (Lambda Developer Guide, lambda-runtime-environment).
    fail(error, environment === undefined);
  }
}

/** The interface client also writes the error, with its own fields, to the function's log. */
function fail(error: unknown, fatal: boolean): void {
  const described = describeError(error);
  const { trace: stack, ...rest } = described;
  const own = error instanceof Error ? Object.fromEntries(Object.entries(error)) : {};
  log('ERROR', `Invoke Error \t${format('%j', { ...rest, ...own, stack })}`);
  end({ error: described }, fatal);
}

function end(outcome: Extract<FromWorker, { type: 'ended' }>['outcome'], fatal: boolean): void {
  if (!current) return;
  current = undefined;
  // The environment is frozen now: what it still waits for is dropped here, where AWS would go on at its next invocation.
  timers.clear();
  post({ type: 'ended', outcome, fatal });
}

process.on('uncaughtException', (error) => fail(error, true));
process.on('unhandledRejection', (reason) => {
  fail(failure('Runtime.UnhandledPromiseRejection', reason instanceof Error ? `${reason.name}: ${reason.message}` : String(reason)), true);
});

// --- Quiet ---

const busyResources = /Req|^(Connect|Write|Shutdown|TCPConnect)Wrap$/;

/** Reports when several turns of the event loop in a row have found no I/O of the worker's own. */
function reportWhenQuiet(run: number, calmTurns = 0): void {
  setImmediate(() => {
    const busy = process.getActiveResourcesInfo().some((kind) => busyResources.test(kind));
    if (busy) reportWhenQuiet(run);
    else if (calmTurns < 4) reportWhenQuiet(run, calmTurns + 1);
    else post({ type: 'quiet', run, begun, finished });
  });
}

port.on('message', (message: ToWorker) => {
  switch (message.type) {
    case 'run':
      void run(message);
      break;
    case 'timer': {
      const callback = timers.get(message.id);
      timers.delete(message.id);
      callback?.();
      break;
    }
    case 'quiet?':
      reportWhenQuiet(message.run);
      break;
    case 'forget':
      environments.clear();
      timers.clear();
      break;
  }
});
