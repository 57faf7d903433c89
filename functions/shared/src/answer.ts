import { setTimeout as sleep } from 'node:timers/promises';

/** An answer to CloudFormation (Template Reference, custom resource response objects). */
export interface Answer {
  Status: 'SUCCESS' | 'FAILED';
  Reason: string;
  PhysicalResourceId: string;
  StackId: string;
  RequestId: string;
  LogicalResourceId: string;
}

/** CloudFormation took no answer: its address refused it. */
export class AnswerNotTaken extends Error {
  override readonly name = 'AnswerNotTaken';
}

/** CloudFormation reads no more than this of an answer. */
const MAX_BYTES = 4096;
const ATTEMPTS = 4;

/**
 * PUTs an answer to CloudFormation's presigned URL, with back-off between attempts.
 * @throws AnswerNotTaken when every attempt failed; the message never holds the URL
 */
export async function putAnswer(url: string, answer: Answer): Promise<void> {
  const body = fit(answer);
  let failure = '';
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (attempt > 0) await sleep(1000 * 2 ** attempt);
    try {
      // The signature covers an empty content type; fetch would add one to a string.
      const { status } = await fetch(url, { method: 'PUT', headers: { 'content-type': '' }, body });
      if (status < 400) return;
      failure = `HTTP status ${status}`;
    } catch (error) {
      // A failed fetch may quote the URL, which is a credential: keep the kind of failure alone.
      failure = error instanceof Error ? error.name : 'no connection';
    }
  }
  throw new AnswerNotTaken(`CloudFormation did not take the answer to request ${answer.RequestId} in ${ATTEMPTS} attempts: ${failure}`);
}

/** The answer as JSON of at most 4,096 bytes: the Reason is cut at its end, so what comes first in it is kept. */
function fit(answer: Answer): string {
  const whole = JSON.stringify(answer);
  if (Buffer.byteLength(whole) <= MAX_BYTES) return whole;
  const characters = Array.from(answer.Reason);
  for (;;) {
    const cut = JSON.stringify({ ...answer, Reason: `${characters.join('')}...` });
    const excess = Buffer.byteLength(cut) - MAX_BYTES;
    if (excess <= 0) return cut;
    // A character takes six bytes at most, as \u0001 does: this many can go without one too many.
    characters.length -= Math.ceil(excess / 6);
  }
}
