import { answersSince } from './answers-since';
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
export function findOtherEnds(world: World): OtherEnd[] {
  const { states } = world.account;
  return [...Object.values(states.state.executions), ...states.state.forgotten].flatMap(({ name, machineName, status, error, startTime }) => {
    const [, type = ''] = /-(create|update|delete)-key-store$/.exec(machineName) ?? [];
    if (type === '' || !['SUCCEEDED', 'FAILED'].includes(status)) return [];
    const requestId = name.slice(0, 36);
    const answers = answersSince(world, requestId, startTime);
    // What CloudFormation took counts; of a request that was cancelled it took nothing.
    const accepted = answers.filter((answer) => answer.accepted);
    const told = (accepted.length > 0 ? accepted : answers).map((answer) => (answer.status === 'SUCCESS' ? 'SUCCEEDED' : 'FAILED'));
    const mustHaveAnswered = status === 'SUCCEEDED' || error === 'RequestFailed';
    if (told.length === 0 ? !mustHaveAnswered : told.some((end) => end === status)) return [];
    const request = `${type.charAt(0).toUpperCase()}${type.slice(1)} ${requestId}`;
    return [{ line: `${request} was answered as ${told.join(', ') || 'nothing'}, and its execution ${status}`, answered: told.length > 0 }];
  });
}
