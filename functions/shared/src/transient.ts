/** Worth trying again: the state machines' Retry names this error, and nothing else that a function throws. */
export class TransientError extends Error {
  override readonly name = 'TransientError';
}

/** How often a state is tried again after a TransientError: its Retry's MaxAttempts. */
export const LAST_ATTEMPT = 4;

/** Access denied is transient too: a role takes seconds to take effect (IAM User Guide, troubleshooting). */
const TRANSIENT = /Throttl|TooManyRequests|RequestLimitExceeded|AccessDenied|UnauthorizedOperation|Timeout|ECONN|EPIPE|ENOTFOUND|EAI_AGAIN|InternalServer|InternalService|InternalFailure|KMSInternal/;

/** Tells whether an error of the AWS SDK for JavaScript v3 may go away by itself. */
export function isTransient(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  const { code, $fault } = error as { code?: unknown; $fault?: unknown };
  return $fault === 'server' || statusOf(error) >= 500 || TRANSIENT.test(`${error.name} ${String(code)}`);
}

/** The HTTP status of the answer, also of one that could not be read; 0 if there was none. */
function statusOf(error: unknown): number {
  return (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode ?? 0;
}

/** Tells whether AWS has answered that it did not do what was asked (an HTTP status from 400 to 499), for now or for good. Any other error leaves that open. */
export function isRefusal(error: unknown): boolean {
  return statusOf(error) >= 400 && statusOf(error) < 500;
}

/**
 * Makes a Lambda handler that tells Step Functions which errors are worth a retry.
 * @throws TransientError in place of each error of the SDK that may go away by itself; any other as it is
 */
export function retryable<Event, Result>(handler: (event: Event) => Promise<Result>): (event: Event) => Promise<Result> {
  return async (event) => {
    try {
      return await handler(event);
    } catch (error) {
      throw isTransient(error) ? new TransientError(`${error.name}: ${error.message}`, { cause: error }) : error;
    }
  };
}
