import type { Answer } from '../../simulator/cloudformation/custom-resource';
import { answersSince } from '../answers-since';
import { findOtherEnds } from '../other-ends';
import type { World } from '../world';
import type { Seen } from './witness';

/** Seconds that CloudFormation waits at most (Template Reference, AWS::CloudFormation::CustomResource, ServiceTimeout). */
const HOUR = 3_600;
const FAILED = 'Received response status [FAILED] from custom resource. Message returned: ';
/** What CloudFormation adds behind a reason. */
const ADDED = / \(RequestId: [0-9a-f-]{36}\)$/;

/** P1 to P3: every request is answered in time with one verdict, in words that tell a person what to do. */
export function checkAnswers(world: World, { calls }: Seen): string[] {
  const { cloudFormation, states } = world.account;
  const { requests } = cloudFormation.state.customResources;
  // Where a person stops an execution in the middle of its answer, another verdict may follow the first.
  const stops = calls.filter(({ role, operation }) => role !== undefined && operation === 'StopExecution');
  const stoppedByRoles = new Set(stops.map(({ input }) => input['executionArn']));
  const stoppedByHand = Object.values(states.state.executions).some(({ arn, status }) => status === 'ABORTED' && !stoppedByRoles.has(arn));
  const ofRequests = Object.values(requests).flatMap(({ event, open, sentAt }) => {
    const requestId = String(event.RequestId);
    const what = `${String(event.RequestType)} ${requestId}`;
    const answers = answersSince(world, requestId, sentAt);
    const usedAgain = Object.values(requests).filter((other) => other.event.RequestId === requestId).length > 1;
    const accepted = answers.filter((answer) => answer.accepted);
    const deadline = sentAt + 1_000 * Math.min(HOUR, Number(event.ServiceTimeout ?? HOUR));
    const givenUp = cloudFormation.state.stacks
      .flatMap(({ events }) => events)
      .some(({ logicalId, time, status }) => logicalId === event.LogicalResourceId && time === deadline && status.endsWith('_FAILED'));
    const verdicts = new Set(answers.map(({ status }) => status));
    return [
      ...(accepted.length === 0 && (open || givenUp) ? [`P1: ${what} was never answered`] : []),
      ...(accepted.length > 1 ? [`P1: ${what} had ${accepted.length} verdicts`] : []),
      ...(accepted.length === 1 && verdicts.size > 1 && !usedAgain && !stoppedByHand ? [`P1: ${what} was answered with another verdict later`] : []),
      ...(givenUp && answers.some(({ time }) => time >= deadline) ? [`P3: ${what} was answered after CloudFormation's deadline`] : []),
    ];
  });
  const bodies = cloudFormation.state.stacks.map(({ body }) => body);
  // Of a request that was never answered, that is told already.
  const otherEnds = findOtherEnds(world).flatMap(({ line, answered }) => (answered ? [`P1: ${line}`] : []));
  return [...ofRequests, ...otherEnds, ...cloudFormation.answers.flatMap((answer) => checkReason(answer, bodies).map((line) => `P2: ${line}: ${answer.reason}`))];
}

/** What is wrong with an answer's reason. */
function checkReason({ status, reason }: Answer, bodies: string[]): string[] {
  if (status === 'SUCCESS') return [];
  if (!reason.startsWith(FAILED)) return ['CloudFormation could not read the answer'];
  const text = reason.slice(FAILED.length).replace(ADDED, '');
  return [
    ...(beginsWithWordsOf(text, bodies) ? [] : ['the reason begins with no text of the template']),
    ...(/\n\s*at /.test(text) ? ['the reason has a stack trace'] : []),
    ...(/\bundefined\b|\{\w+\}|\[object /.test(text) ? ['the reason has an empty slot'] : []),
  ];
}

/** Whether the first three words begin a text in the code that a template carries; which, the unit tests of the texts look at. */
function beginsWithWordsOf(text: string, bodies: string[]): boolean {
  const [words = ''] = /^\S+ \S+ \S+/.exec(text) ?? [];
  return words !== '' && bodies.some((body) => ['"', "'", '`'].some((quote) => body.includes(`${quote}${words}`)));
}

/** The reason of an answer, as the one who answered gave it. */
export function reasonOf({ reason }: Answer): string {
  return reason.replace(FAILED, '').replace(ADDED, '');
}
