import type { Json, JsonObject, LocalAws, Operation, Service } from '../aws';
import type { Endpoint } from '../endpoint';
import { AwsError, NotModelled } from '../errors';
import type { Caller, Permission } from '../iam/iam';
import { timings } from '../timings';
import { Environment, Slot, type LogSink } from './environment';
import { EventQueue } from './event-queue';
import type { FunctionRecord } from './function-record';
import { takeCrash, type Crash } from './crash';
import type { Outcome } from './worker-messages';

/** One run of a function, to look into. */
export interface FunctionRun {
  /** Virtual milliseconds since the epoch. */
  time: number;
  name: string;
  /** How many of its requests were answered. */
  requests: number;
  /** The type of the error that it ended with. */
  error?: string;
}

/** AWS Lambda: functions whose code runs for real, in worker threads, on virtual time. */
export class Lambda implements Service {
  readonly name = 'lambda';
  readonly state: { functions: Record<string, FunctionRecord>; revisions: number } = { functions: {}, revisions: 0 };
  readonly operations: Readonly<Record<string, Operation>>;
  /** How often each asynchronous event is delivered beyond once: Lambda promises at least once (Lambda Developer Guide, invocation-async). */
  duplicateAsync = 0;
  /** The crashes that are still to come, to add to and to empty. */
  readonly crashes: Crash[] = [];
  /** Every run so far. */
  readonly runs: FunctionRun[] = [];
  readonly #events: EventQueue;
  /** Environments and the places where they run are not data: a cloned world starts cold. */
  readonly #environments = new Map<string, Environment[]>();
  readonly #slots: Slot[] = [];
  readonly #running = new Map<string, number>();

  /** @param logs where the output of functions goes; without it, it is dropped */
  constructor(
    readonly aws: LocalAws,
    readonly endpoint: Endpoint,
    readonly logs?: LogSink,
  ) {
    this.#events = new EventQueue(this);
    this.operations = {
      Invoke: {
        source: 'Lambda API, Invoke',
        fields: ['FunctionName', 'InvocationType', 'Payload'],
        permissions: (input) => this.#invokePermissions(input),
        // What an invocation costs is the environment's start.
        latency: 0,
        run: (input) => this.#answerInvoke(input),
      },
    };
    aws.register(this);
  }

  /** @param nameOrArn a function's name or unqualified ARN @throws AwsError ResourceNotFoundException */
  functionOf(nameOrArn: string): FunctionRecord {
    const arn = nameOrArn.startsWith('arn:') ? nameOrArn : this.arnOf(nameOrArn);
    const fn = Object.values(this.state.functions).find((other) => other.arn === arn);
    if (!fn) throw new AwsError('ResourceNotFoundException', `Function not found: ${arn}`, 404);
    return fn;
  }

  arnOf(name: string): string {
    return this.aws.arn('lambda', `function:${name}`);
  }

  /** The caller that a function's code is. @throws AwsError if its role cannot be assumed */
  roleOf(fn: FunctionRecord): Caller {
    return this.aws.iam.assume('lambda.amazonaws.com', fn.role, fn.arn);
  }

  /**
   * Runs a function once, to its end in virtual time. Source: Lambda Developer Guide, configuration-concurrency.
   * @throws AwsError TooManyRequestsException beyond the reserved concurrency; CodeArtifactUserPendingException; what `roleOf` throws
   */
  async run(fn: FunctionRecord, payload: Json, requestId: string): Promise<Outcome> {
    this.#checkActive(fn);
    const running = this.#running.get(fn.arn) ?? 0;
    if (fn.reservedConcurrency !== undefined && running >= fn.reservedConcurrency) {
      throw new AwsError('TooManyRequestsException', 'Rate Exceeded.', 429);
    }
    const environment = this.#environmentFor(fn);
    this.#running.set(fn.arn, running + 1);
    const record: FunctionRun = { time: this.aws.clock.now, name: fn.name, requests: 0 };
    this.runs.push(record);
    try {
      const { outcome, requests } = await environment.run(payload, requestId, takeCrash(this.crashes, fn.name));
      Object.assign(record, { requests, ...('error' in outcome && { error: outcome.error.errorType }) });
      return outcome;
    } finally {
      this.#running.set(fn.arn, (this.#running.get(fn.arn) ?? 1) - 1);
    }
  }

  /**
   * What weeks without an invocation do: every function becomes Inactive. The first invocation of each is refused and makes it Pending, and only
   * after a while it is Active again. Source: Lambda Developer Guide, functions-states; for how long, and under which name, aws-cdk#20123 and
   * aws-solutions-library-samples/accelerated-intelligent-document-processing-on-aws#801: 40 to 106 seconds. [C]
   */
  letIdle(): void {
    for (const fn of Object.values(this.state.functions)) fn.activeAt = Infinity;
  }

  #checkActive(fn: FunctionRecord): void {
    const { now } = this.aws.clock;
    if (fn.activeAt === undefined || now >= fn.activeAt) return;
    if (fn.activeAt === Infinity) fn.activeAt = now + timings.lambdaActivation;
    throw new AwsError('CodeArtifactUserPendingException', 'Lambda is initializing your function. It will be ready to invoke shortly.', 409);
  }

  /** Gives the worker threads back. Invocations in flight are stopped and never end. */
  dispose(): void {
    for (const slot of this.#slots.splice(0)) slot.release();
    this.#environments.clear();
  }

  #invokePermissions(input: JsonObject): Permission[] {
    const name = String(input['FunctionName']);
    const arn = name.startsWith('arn:') ? name : this.arnOf(name);
    const fn = Object.values(this.state.functions).find((other) => other.arn === arn);
    return [{ action: 'lambda:InvokeFunction', resource: arn, ...(fn ? { resourcePolicy: fn.policy } : {}) }];
  }

  async #answerInvoke(input: JsonObject): Promise<JsonObject> {
    const fn = this.functionOf(String(input['FunctionName']));
    const payload = parsePayload(input['Payload']);
    const requestId = this.aws.uuid();
    const type = input['InvocationType'] ?? 'RequestResponse';
    if (type === 'Event') {
      this.#events.accept(fn, payload, requestId);
      return { StatusCode: 202 };
    }
    if (type !== 'RequestResponse') throw new NotModelled(`InvocationType ${JSON.stringify(type)} of lambda:Invoke`);
    const outcome = await this.run(fn, payload, requestId);
    if ('error' in outcome) return { StatusCode: 200, FunctionError: 'Unhandled', Payload: JSON.stringify(outcome.error) };
    return { StatusCode: 200, Payload: outcome.result };
  }

  #environmentFor(fn: FunctionRecord): Environment {
    const key = `${fn.arn} ${fn.revision}`;
    const environments = this.#environments.get(key) ?? [];
    const warm = environments.find((environment) => environment.warm);
    if (warm) {
      warm.reserve();
      return warm;
    }
    let slot = this.#slots.find(({ busy }) => !busy);
    if (!slot) {
      slot = new Slot();
      this.#slots.push(slot);
    }
    const environment = new Environment(this.aws, this.endpoint, this.logs, structuredClone(fn), this.roleOf(fn), slot);
    environment.reserve();
    this.#environments.set(key, [...environments, environment]);
    return environment;
  }
}

/** A payload is JSON; none stands for an empty event. @throws AwsError InvalidRequestContentException */
function parsePayload(payload: Json | undefined): Json {
  if (payload === undefined || payload === '') return {};
  try {
    return JSON.parse(String(payload)) as Json;
  } catch (error) {
    throw new AwsError('InvalidRequestContentException', `Could not parse request body into json: ${String(error)}`);
  }
}
