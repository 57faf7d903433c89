import type { Span } from '../simulator/aws';

/** Milliseconds of virtual time, split into what AWS took and all the rest, which is ours. */
export interface TimeSplit {
  aws: number;
  ours: number;
}

/**
 * Splits the time between `from` and `to`: AWS's is what connect, disconnect, SSM pick-up, cloudhsm-cli and calls of KMS, CloudHSM,
 * Secrets Manager and SSM took; overlapping spans count once.
 */
export function splitTime(spans: readonly Span[], from: number, to: number): TimeSplit {
  const clipped = spans
    .filter(({ what }) => !/^(lambda|states|events):/.test(what))
    .map((span) => ({ from: Math.max(span.from, from), to: Math.min(span.to, to) }))
    .filter((span) => span.from < span.to)
    .sort((one, other) => one.from - other.from);
  let aws = 0;
  let reached = from;
  for (const span of clipped) {
    aws += Math.max(0, span.to - Math.max(span.from, reached));
    reached = Math.max(reached, span.to);
  }
  return { aws, ours: to - from - aws };
}
