import type { Json } from '../aws';

/** What a function ends with: its answer, or an error as the Lambda runtime reports it. */
export type Outcome = { result: string } | { error: FunctionError };

/** Source: Lambda Developer Guide, nodejs-exceptions. */
export type FunctionError = { errorType: string; errorMessage: string; trace?: string[] };

/** The invocation's context object, as far as it is data. Source: Lambda Developer Guide, nodejs-context. */
export interface InvocationContext {
  functionName: string;
  functionVersion: string;
  invokedFunctionArn: string;
  memoryLimitInMB: string;
  awsRequestId: string;
  logGroupName: string;
  logStreamName: string;
}

/** Runs one invocation in an environment; with `code` the environment is made first (a cold start). */
export interface RunMessage {
  type: 'run';
  environment: string;
  code?: string;
  handler: string;
  runtime: string;
  /** process.env of the environment; read at the cold start only. */
  variables: Record<string, string>;
  /** Virtual milliseconds since the epoch when the environment's time-out comes. */
  deadline: number;
  /** The endpoint, the only address that may be asked. */
  origin: string;
  accessKeyId: string;
  jsonLogs: boolean;
  payload: Json;
  context: InvocationContext;
}

export type ToWorker =
  | RunMessage
  /** A timer's virtual time has come. */
  | { type: 'timer'; id: number }
  /** Answer when nothing is left to do but to wait for the simulator. */
  | { type: 'quiet?'; run: number }
  /** Drop all environments: the worker goes to another owner. */
  | { type: 'forget' };

export type FromWorker =
  /** Lines for the function's log. */
  | { type: 'log'; text: string }
  | { type: 'sleep'; id: number; milliseconds: number }
  | { type: 'cancel'; id: number }
  /** How many requests the invocation has begun, and how many of them are answered. */
  | { type: 'quiet'; run: number; begun: number; finished: number }
  /** The code asked for something that the simulator does not model. */
  | { type: 'refused'; what: string }
  | { type: 'ended'; outcome: Outcome; fatal: boolean };

/** What a worker gets when it starts. */
export interface WorkerSetting {
  /** A folder from whose node_modules the AWS SDK is loaded. */
  root: string;
  /** One float: virtual milliseconds since the epoch. */
  clock: SharedArrayBuffer;
}
