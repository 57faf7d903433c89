import type { Answer } from '../simulator/cloudformation/custom-resource';
import type { World } from './world';

/**
 * The answers to the request that was under an id at a time.
 * CloudFormation may use an id again when it tries an operation again (aws-cdk#35957): from then on the answers are to the retry.
 */
export function answersSince({ account: { cloudFormation } }: World, requestId: string, since: number): Answer[] {
  const retries = Object.values(cloudFormation.state.customResources.requests).filter(({ event, sentAt }) => event.RequestId === requestId && sentAt > since);
  const until = Math.min(...retries.map(({ sentAt }) => sentAt));
  return cloudFormation.answers.filter((answer) => answer.requestId === requestId && answer.time > since && answer.time <= until);
}
