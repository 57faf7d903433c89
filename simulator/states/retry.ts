import type { Retrier } from './definition';

/**
 * Whether a Retry's or Catch's list matches an error.
 * Source: Step Functions Developer Guide, concepts-error-handling (error names).
 */
export function matchesError(errorEquals: readonly string[], error: string): boolean {
  // "States.Runtime errors are always terminal": even its own name does not match.
  if (error === 'States.Runtime') return false;
  return errorEquals.some((listed) => {
    if (listed === error) return true;
    if (listed === 'States.ALL') return error !== 'States.DataLimitExceeded';
    return listed === 'States.TaskFailed' && error !== 'States.Timeout' && error !== 'States.DataLimitExceeded';
  });
}

/**
 * How long to wait before a retry, in milliseconds. Source: concepts-error-handling (retry fields and their defaults).
 * @param attempt 1 for the first retry under this retrier in this visit of the state
 * @param random in [0, 1): where in the range a FULL jitter falls
 */
export function retryDelay(retrier: Retrier, attempt: number, random: () => number): number {
  const { IntervalSeconds = 1, BackoffRate = 2, MaxDelaySeconds = Infinity, JitterStrategy = 'NONE' } = retrier;
  const delay = Math.min(IntervalSeconds * BackoffRate ** (attempt - 1), MaxDelaySeconds) * 1000;
  return JitterStrategy === 'FULL' ? delay * random() : delay;
}
