import type { JsonObject } from './aws';
import type { Clock } from './clock';
import { AwsError } from './errors';

/** A fault on the calls of one operation, after their permission check. */
export interface Fault {
  /** The service by its name here, e.g. `kms`, `cloudhsm`, `states`. */
  service: string;
  operation: string;
  /** The API's name of the error with which a call is refused before it does anything. Without it the call is carried out, and its answer spoilt. */
  code?: string;
  message?: string;
  /**
   * What becomes of the answer of a call that is carried out: `lost`, its connection breaks; `stale`, it is what the same question was answered last;
   * a number, it comes so many virtual milliseconds late. Default: `lost`.
   */
  answer?: 'lost' | 'stale' | number;
  /** How many calls fail; Infinity for all that come. Default 1. */
  times?: number;
  /** Only calls of callers whose ARN contains this. */
  caller?: string;
  /** How many calls that fit are let through first. Default 0. */
  skip?: number;
  /** Virtual milliseconds after its first strike from which it strikes no more. Default: for ever. */
  lasts?: number;
}

/** A fault that waits for calls, with what has become of it so far. */
export interface AwaitedFault extends Fault {
  /** Virtual milliseconds since the epoch; set at the first strike of a fault that lasts. */
  until?: number;
}

/** The caller gets no answer, whatever was done: an AWS SDK shows that as an error of its own. */
export class ConnectionLost extends AwsError {
  constructor() {
    // The name and words of the Java SDK v2, which Step Functions shows; a function sees the broken connection itself.
    super('SdkClientException', 'Unable to execute HTTP request: Connection reset');
  }
}

/**
 * Errors that do not come with status 400. Source: the services' API models (httpStatusCode, `@aws-sdk/client-*` with `$fault: server`);
 * Common Error Types; EC2 API, errors-overview.
 */
const statusCodes: Readonly<Record<string, number>> = {
  KMSInternalException: 500,
  DependencyTimeoutException: 503,
  KeyUnavailableException: 500,
  InternalServerError: 500,
  InternalServiceError: 500,
  CloudHsmInternalFailureException: 500,
  ServiceException: 500,
  InternalFailure: 500,
  InternalError: 500,
  ServiceUnavailable: 503,
  Unavailable: 503,
  RequestLimitExceeded: 503,
  TooManyRequestsException: 429,
  UnauthorizedOperation: 403,
};

/** The first fault that strikes this call, which counts as one of its times; undefined if none does. */
export function takeFault(faults: AwaitedFault[], call: { service: string; operation: string; caller: string }, now: number): AwaitedFault | undefined {
  const fits = ({ service, operation, caller = '' }: Fault): boolean =>
    service === call.service && operation === call.operation && call.caller.includes(caller);
  for (const fault of faults.filter(fits)) {
    if (fault.skip !== undefined && fault.skip > 0) {
      fault.skip--;
      continue;
    }
    if (fault.until !== undefined && now >= fault.until) continue;
    if (fault.lasts !== undefined) fault.until ??= now + fault.lasts;
    fault.times = (fault.times ?? 1) - 1;
    if (fault.times < 1) faults.splice(faults.indexOf(fault), 1);
    return fault;
  }
  return undefined;
}

/** How a record of the call tells of a fault: `refused` for any error. */
export function nameOfFault({ code, answer = 'lost' }: Fault): string {
  if (code !== undefined) return 'refused';
  return `answer ${typeof answer === 'number' ? 'late' : answer}`;
}

/**
 * Carries a call out under a fault.
 * @param before what the same question was answered last
 * @throws AwsError as the fault, or the call itself, has it
 */
export async function strike(fault: Fault, clock: Clock, carryOut: () => Promise<JsonObject>, before: JsonObject | undefined): Promise<JsonObject> {
  const { code, message, answer = 'lost' } = fault;
  if (code !== undefined) throw new AwsError(code, message ?? messageOf(code), statusCodes[code] ?? 400);
  const [outcome] = await Promise.allSettled([carryOut()]);
  if (outcome.status === 'rejected' && !(outcome.reason instanceof AwsError)) throw outcome.reason;
  if (answer === 'lost') throw new ConnectionLost();
  if (answer === 'stale' && before) return before;
  if (typeof answer === 'number') await clock.sleep(answer);
  if (outcome.status === 'rejected') throw outcome.reason;
  return outcome.value;
}

function messageOf(code: string): string {
  return /Throttl|TooManyRequests|LimitExceeded/.test(code) ? 'Rate exceeded' : `${code}: the request was not carried out`;
}
