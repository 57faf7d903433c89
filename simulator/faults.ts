import { AwsError } from './errors';

/** A fault on the calls of one operation, after their permission check and before they do anything. */
export interface Fault {
  /** The service by its name here, e.g. `kms`, `cloudhsm`, `states`. */
  service: string;
  operation: string;
  /** The API's name of the error. */
  code: string;
  message?: string;
  /** How many calls fail; Infinity for all that come. Default 1. */
  times?: number;
  /** Only calls of callers whose ARN contains this. */
  caller?: string;
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

/** The error that the first fitting fault gives this call, which counts as one of its times; undefined if none fits. */
export function takeFault(faults: Fault[], call: { service: string; operation: string; caller: string }): AwsError | undefined {
  const fault = faults.find(({ service, operation, caller = '' }) => service === call.service && operation === call.operation && call.caller.includes(caller));
  if (!fault) return undefined;
  fault.times = (fault.times ?? 1) - 1;
  if (fault.times < 1) faults.splice(faults.indexOf(fault), 1);
  return new AwsError(fault.code, fault.message ?? messageOf(fault.code), statusCodes[fault.code] ?? 400);
}

function messageOf(code: string): string {
  return /Throttl|TooManyRequests|LimitExceeded/.test(code) ? 'Rate exceeded' : `${code}: the request was not carried out`;
}
