import type { World } from './world';

/** An execution that ended otherwise than it answered. */
export interface OtherEnd {
  /** In words. */
  line: string;
  /** Whether it answered at all. */
  answered: boolean;
}

/**
 * Executions that ended otherwise than they answered: SUCCEEDED stands for SUCCESS, FAILED for FAILED (INTERNALS, State machines), so that the
 * console shows no failure that was none. One that failed before it could answer may have no answer.
 */
export function findOtherEnds({ account: { cloudFormation, states } }: World): OtherEnd[] {
  const requests = Object.values(cloudFormation.state.customResources.requests);
  return [...Object.values(states.state.executions), ...states.state.forgotten].flatMap(({ name, machineName, status, error, startTime }) => {
    const [, type = ''] = /-(create|update|delete)-key-store$/.exec(machineName) ?? [];
    if (type === '' || !['SUCCEEDED', 'FAILED'].includes(status)) return [];
    // A request that is retried with its operation has its id again: from then on the answers are to the retry.
    const retried = requests.filter(({ event, sentAt }) => name.startsWith(`${String(event.RequestId)}-`) && sentAt > startTime);
    const until = Math.min(...retried.map(({ sentAt }) => sentAt));
    const answers = cloudFormation.answers.filter(({ requestId, time }) => name.startsWith(`${requestId}-`) && time > startTime && time <= until);
    // What CloudFormation took counts; of a request that was cancelled it took nothing.
    const accepted = answers.filter((answer) => answer.accepted);
    const told = (accepted.length > 0 ? accepted : answers).map((answer) => (answer.status === 'SUCCESS' ? 'SUCCEEDED' : 'FAILED'));
    const mustHaveAnswered = status === 'SUCCEEDED' || error === 'RequestFailed';
    if (told.length === 0 ? !mustHaveAnswered : told.some((end) => end === status)) return [];
    const request = `${type.charAt(0).toUpperCase()}${type.slice(1)} ${name.slice(0, 36)}`;
    return [{ line: `${request} was answered as ${told.join(', ') || 'nothing'}, and its execution ${status}`, answered: told.length > 0 }];
  });
}
