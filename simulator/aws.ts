import { Clock } from './clock';
import { AwsError, NotModelled } from './errors';
import { nameOfFault, strike, takeFault, type AwaitedFault, type Fault } from './faults';
import { Iam, type Caller, type Permission } from './iam/iam';
import { onlyFields } from './only-fields';
import type { WireProtocol } from './wire-protocol';

export type Json = string | number | boolean | null | Json[] | JsonObject;
export type JsonObject = { [key: string]: Json };

/** One API operation: what it takes, what it needs, what it does. */
export interface Operation {
  /** Where the behaviour is documented: an API reference or guide page. */
  source: string;
  /** The top-level request fields that are modelled; any other is refused by name. */
  fields: readonly string[];
  /** What the caller must be allowed, with the checks that AWS makes on the caller's behalf. Default: none. */
  permissions?: (input: JsonObject, caller: Caller) => Permission[];
  /** Virtual milliseconds the call takes. */
  latency: number;
  /** Carries the call out at the end of its latency. @throws AwsError as the API would answer */
  run: (input: JsonObject, caller: Caller) => JsonObject | Promise<JsonObject>;
}

/** One AWS service. All that it remembers is plain data in `state`. */
export interface Service {
  /** The service's signing name (SigV4 scope) and name in this simulator, e.g. `secretsmanager`. */
  readonly name: string;
  readonly state: object;
  readonly operations: Readonly<Record<string, Operation>>;
  /** How its calls travel. Default: AWS's JSON protocols. */
  readonly wire?: WireProtocol;
  /** How it answers a call that IAM denies. Default: AccessDeniedException with status 400. */
  denied?(error: AwsError): AwsError;
}

/** One API call that was made, allowed or not. */
export interface CallRecord {
  time: number;
  caller: string;
  service: string;
  operation: string;
  /** The error's code if the call failed. */
  error?: string;
  denied: boolean;
  /** What a fault did to it: `refused`, `answer lost`, `answer late` or `answer stale`. */
  fault?: string;
}

/** A span of virtual time that AWS itself took: the connect, an SSM pick-up, an HSM call. */
export interface Span {
  what: string;
  from: number;
  to: number;
}

export interface LocalAwsOptions {
  /** Default `aws`. */
  partition?: string;
  /** Default `eu-central-1`. */
  region?: string;
  /** Default `111122223333`, one of AWS's documentation accounts. */
  account?: string;
  /** Decides what AWS leaves open (orders, delays within a documented range). The same seed, the same world. Default 1. */
  seed?: number;
}

/** A local AWS account in one Region, in virtual time. */
export class LocalAws {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
  /** A pseudo-random number in [0, 1), from the seed alone. */
  readonly random: () => number;
  readonly clock = new Clock(Date.UTC(2026, 0, 5, 9, 0, 0));
  readonly iam: Iam;
  readonly calls: CallRecord[] = [];
  /** The faults that are still to strike, to read and to empty: see `failCalls`. */
  readonly faults: AwaitedFault[] = [];
  /** What of the virtual time was AWS's own. */
  readonly spans: Span[] = [];
  /** What was met that the simulator does not model, and its own faults, wherever they were met: a rehearsal must fail on them. */
  readonly refusals: string[] = [];
  readonly #refused = new WeakSet<Error>();
  readonly #services = new Map<string, Service>();
  /** The last answer to each question, which a stale read gives again. */
  readonly #answers = new Map<string, JsonObject>();

  constructor(options: LocalAwsOptions = {}) {
    this.partition = options.partition ?? 'aws';
    this.region = options.region ?? 'eu-central-1';
    this.account = options.account ?? '111122223333';
    this.random = mulberry32(options.seed ?? 1);
    this.iam = new Iam(this);
  }

  register(service: Service): void {
    this.#services.set(service.name, service);
  }

  /**
   * Makes the next calls of an operation fail, or lose their answers, after their permission check.
   * @throws NotModelled for an operation that the simulator does not have
   */
  failCalls(fault: Fault): void {
    if (!this.#services.get(fault.service)?.operations[fault.operation]) throw new NotModelled(`operation ${fault.service}:${fault.operation}`);
    this.faults.push({ ...fault });
  }

  /** Builds an ARN in this partition, Region and account. */
  arn(service: string, resource: string, { region = this.region, account = this.account } = {}): string {
    return `arn:${this.partition}:${service}:${region}:${account}:${resource}`;
  }

  /** An identifier made of `length` characters of `alphabet`, from the seed. */
  identifier(length: number, alphabet = '0123456789abcdef'): string {
    return Array.from({ length }, () => alphabet[Math.floor(this.random() * alphabet.length)]).join('');
  }

  uuid(): string {
    return [8, 4, 4, 4, 12].map((length) => this.identifier(length)).join('-');
  }

  /** Notes a span that AWS itself took, from `from` (virtual milliseconds) until now. */
  span(what: string, from: number): void {
    this.spans.push({ what, from, to: this.clock.now });
  }

  /**
   * Notes an error that is the simulator's, not AWS's, whatever becomes of it: code may swallow it, or nobody may await it.
   * One error is noted once, where it is met first.
   * @param where what was under way
   */
  refuse(error: unknown, where: string): void {
    if (error instanceof Error) {
      if (this.#refused.has(error)) return;
      this.#refused.add(error);
    }
    this.refusals.push(`${error instanceof Error ? error.message : String(error)} (${where})`);
  }

  /**
   * Calls an API as `caller`, in virtual time, with every permission checked and the call recorded.
   * @throws AwsError as the API would answer; NotModelled for an operation or field that is not modelled
   */
  async call(caller: Caller, serviceName: string, operationName: string, input: JsonObject): Promise<JsonObject> {
    const { service, operation } = this.#modelled(caller, serviceName, operationName, input);
    const started = this.clock.now;
    await this.clock.sleep(operation.latency);
    const record: CallRecord = { time: this.clock.now, caller: caller.arn, service: serviceName, operation: operationName, denied: false };
    this.calls.push(record);
    try {
      for (const permission of operation.permissions?.(input, caller) ?? []) {
        record.denied = true;
        this.#authorize(service, caller, permission);
        record.denied = false;
      }
      const question = `${serviceName}:${operationName} ${JSON.stringify(input)}`;
      const before = this.#answers.get(question);
      const carryOut = async (): Promise<JsonObject> => {
        const output = await operation.run(input, caller);
        if (/^(Describe|Get|List)/.test(operationName)) this.#answers.set(question, output);
        return output;
      };
      const fault = takeFault(this.faults, { service: serviceName, operation: operationName, caller: caller.arn }, this.clock.now);
      if (!fault) return await carryOut();
      record.fault = nameOfFault(fault);
      return await strike(fault, this.clock, carryOut, before);
    } catch (error) {
      record.error = error instanceof AwsError ? error.code : String(error);
      if (!(error instanceof AwsError)) this.refuse(error, `${serviceName}:${operationName} for ${caller.arn}`);
      throw error;
    } finally {
      this.span(`${serviceName}:${operationName}`, started);
    }
  }

  /** How the calls of a service travel, where that is not AWS's JSON protocols. */
  wireOf(serviceName: string): WireProtocol | undefined {
    return this.#services.get(serviceName)?.wire;
  }

  #authorize(service: Service, caller: Caller, permission: Permission): void {
    try {
      this.iam.authorize(caller, permission);
    } catch (error) {
      throw error instanceof AwsError && service.denied ? service.denied(error) : error;
    }
  }

  #modelled(caller: Caller, serviceName: string, operationName: string, input: JsonObject): { service: Service; operation: Operation } {
    try {
      return this.#operation(serviceName, operationName, input);
    } catch (error) {
      this.refuse(error, `asked by ${caller.arn}`);
      throw error;
    }
  }

  #operation(serviceName: string, operationName: string, input: JsonObject): { service: Service; operation: Operation } {
    const service = this.#services.get(serviceName);
    if (!service) throw new NotModelled(`service ${serviceName}`);
    const operation = service.operations[operationName];
    if (!operation) throw new NotModelled(`operation ${serviceName}:${operationName}`);
    onlyFields(input, operation.fields, `${serviceName}:${operationName}`);
    return { service, operation };
  }
}

/** A small seeded generator (Mulberry32), so that a failing order of events can be played again. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
