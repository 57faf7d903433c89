import { createHash } from 'node:crypto';

/**
 * The name of a request's execution: the RequestId, when CloudFormation asked, and a digest of the ResponseURL.
 * CloudFormation uses a RequestId again when a failed operation is retried; the URL tells the two apart (aws-cdk#35957).
 */
export function executionName(requestId: string, responseUrl: string): string {
  const digest = createHash('sha256').update(responseUrl).digest('hex').slice(0, 16);
  // A presigned URL is dated (Amazon S3 API Reference, sigv4-query-string-auth); that CloudFormation's are is seen, not promised.
  const asked = /[?&]X-Amz-Date=(\d{8}T\d{6}Z)/.exec(responseUrl)?.[1];
  return [requestId, ...(asked === undefined ? [] : [asked]), digest].join('-');
}

/** When CloudFormation asked for what an execution of this name or ARN does, as a text that sorts; undefined if its URL bore no date. */
export function askedAt(name: string): string | undefined {
  return /-(\d{8}T\d{6}Z)-[0-9a-f]+$/.exec(name)?.[1];
}

/** Which of two requests CloudFormation made first, by the names or ARNs of their executions: negative if the one, positive if the other, 0 where no date tells. */
export function compareAsked(one: string, other: string): number {
  const [asked, before] = [askedAt(one), askedAt(other)];
  if (asked === undefined || before === undefined || asked === before) return 0;
  return asked < before ? -1 : 1;
}

/** The error of an execution that a later request has stopped. CloudFormation has cancelled its request. */
export const SUPERSEDED = 'Superseded';
