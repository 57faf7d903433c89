import type { StackEvent } from '../simulator/cloudformation/stack';
import { AwsError, NotModelled } from '../simulator/errors';
import { until } from './by-hand';
import { leftovers } from './leftovers';
import { findOtherEnds } from './other-ends';
import { splitTime, type TimeSplit } from './our-time';
import type { Scenario, Step } from './scenario';
import { openWorld, STACK, type World, type WorldOptions } from './world';

/** One request to the custom resource and the answer that decided it. */
export interface RequestReport {
  type: string;
  status: string;
  reason: string;
  /** Virtual milliseconds from the request to its answer. */
  time: TimeSplit;
}

/** A step as it was played. */
export interface StepReport {
  do: Step['do'];
  ended: string;
  keyStore: string;
  /** Whether it changed a user or a key store, or spent a login. */
  changed: boolean;
  /** Whether each login of an admin was accepted. */
  logins: boolean[];
  requests: RequestReport[];
}

/** A scenario as it was played. */
export interface Report {
  title: string;
  steps: StepReport[];
  /** How many resources of each type were made. */
  created: Record<string, number>;
  left: string[];
  calls: number;
  /** Role, action and resource of each call that was denied although its role had long taken effect. */
  denied: string[];
  /** Calls denied because the role had not yet taken effect, which AWS does for some seconds. */
  deniedEarly: number;
  /** What was not as the scenario says it must be; empty when all was. */
  failures: string[];
}

/** What the player tells while it plays. */
export interface Listener {
  /** A stack event; `time` is virtual milliseconds since the scenario began. */
  event?: (event: StackEvent, time: number) => void;
  step?: (report: StepReport) => void;
  /** The world, when it is over, to look into. */
  over?: (world: World) => void;
}

/** Plays a scenario on the emitted template, and tells what was not as it must be. */
export async function play(title: string, scenario: Scenario, { listener = {}, ...options }: { listener?: Listener } & WorldOptions = {}): Promise<Report> {
  const world = await openWorld(options);
  try {
    return await playIn(world, title, scenario, listener);
  } finally {
    await world.account.close();
  }
}

async function playIn(world: World, title: string, scenario: Scenario, listener: Listener): Promise<Report> {
  const { aws, cloudFormation } = world.account;
  const began = aws.clock.now;
  const failures: string[] = [];
  const steps: StepReport[] = [];
  const created: Record<string, number> = {};
  cloudFormation.onEvent((event) => {
    if (event.status === 'CREATE_COMPLETE' && event.logicalId !== STACK) created[event.type] = (created[event.type] ?? 0) + 1;
    listener.event?.(event, event.time - began);
  });
  let parameters = world.parameters;
  for (const [index, step] of scenario.steps.entries()) {
    parameters = { ...parameters, ...step.parameters };
    const report = await playStep(world, step, parameters);
    steps.push(report);
    listener.step?.(report);
    failures.push(...check(step, report).map((failure) => `step ${index + 1} (${step.do}): ${failure}`));
  }
  await waitOut(world);
  failures.push(...findOtherEnds(world).map(({ line }) => line));
  const left = leftovers(world);
  const { leaves = [] } = scenario;
  const expected = (line: string): boolean => leaves.some((one) => (typeof one === 'string' ? line === one : one.test(line)));
  failures.push(...left.filter((line) => !expected(line)).map((line) => `left over: ${line}`));
  const denied = aws.iam.denials.filter(({ transient }) => !transient).map(({ role, action, resource }) => `${role} may not ${action} on ${resource}`);
  const { denies = [] } = scenario;
  failures.push(...denied.filter((line) => !denies.some((one) => one.test(line))).map((line) => `denied: ${line}`), ...world.account.refusals.map((line) => `not modelled: ${line}`));
  listener.over?.(world);
  return {
    title,
    steps,
    created,
    left,
    calls: aws.calls.length,
    denied,
    deniedEarly: aws.iam.denials.length - denied.length,
    failures,
  };
}

async function playStep(world: World, step: Step, parameters: Record<string, string>): Promise<StepReport> {
  const { aws, cloudFormation, cloudHsm, kms } = world.account;
  await step.before?.(world);
  const answersBefore = cloudFormation.answers.length;
  const before = usersAndKeyStores(world);
  const loginsBefore = cloudHsm.state.logins.length;
  const input = { stackName: STACK, templateBody: world.templateBody, fromS3: true, parameters };
  const operations = {
    create: () => cloudFormation.createStack(input),
    update: () => cloudFormation.updateStack(input),
    delete: () => cloudFormation.deleteStack(STACK),
  };
  const refused = await aws.clock.runUntilSettled(Promise.all([operations[step.do](), happening(world, step)])).then(() => undefined, refusal);
  const { requests } = cloudFormation.state.customResources;
  return {
    do: step.do,
    ended: refused ?? cloudFormation.stack(STACK).status,
    keyStore: kms.state.keyStores[0]?.connection.state ?? 'none',
    changed: usersAndKeyStores(world) !== before,
    logins: cloudHsm.state.logins.slice(loginsBefore).filter(({ username }) => username !== 'kmsuser').map(({ accepted }) => accepted),
    requests: cloudFormation.answers.slice(answersBefore).filter(({ accepted }) => accepted).map(({ requestId, time, status, reason }) => {
      const request = requests[requestId];
      return { type: String(request?.event.RequestType), status, reason: reason.replace(/^.*? Message returned: /, ''), time: splitTime(aws.spans, request?.sentAt ?? time, time) };
    }),
  };
}

/** What a stack changes beyond its own resources: the tables of the HSMs, the logins, the key stores. */
function usersAndKeyStores({ account: { cloudHsm, kms } }: World): string {
  const users = cloudHsm.state.clusters.flatMap(({ hsms }) => hsms.map((hsm) => hsm.users));
  return JSON.stringify([users, cloudHsm.state.logins, kms.state.keyStores.map(({ keyStoreId, name, connection }) => [keyStoreId, name, connection])]);
}

/** How a step ended that CloudFormation refused, or that needs what is not modelled. @throws any other error as it is */
function refusal(error: unknown): string {
  if (error instanceof AwsError || error instanceof NotModelled) return `refused: ${error.message}`;
  throw error;
}

/** What happens in the world during a step; the step is over when this is too. */
async function happening(world: World, { during }: Step): Promise<void> {
  if (!during) return;
  const { when, happens } = during;
  await (typeof when === 'number' ? world.account.aws.clock.sleep(when * 1000) : until(world, when));
  await happens(world);
}

/** What of a step was not as it must be. */
function check(step: Step, { ended, keyStore, changed, logins, requests }: StepReport): string[] {
  const failed = requests.find(({ status }) => status === 'FAILED');
  const slow = requests.filter(({ time }) => time.aws + time.ours > step.within * 1000);
  return [
    ...(ended === step.ends ? [] : [`the stack ended ${ended}, not ${step.ends}`]),
    ...(keyStore === step.keyStore ? [] : [`the key store is ${keyStore}, not ${step.keyStore}`]),
    ...(requests.length > 0 || step.do === 'delete' || step.leavesKeyStoreAlone ? [] : ['the custom resource was never asked']),
    ...(step.findings ? checkFindings(step.findings, findingsOf(failed?.reason ?? '')) : []),
    ...(step.logins && step.logins.join() !== logins.join() ? [`admin logins were accepted: ${logins.join()}, and must be: ${step.logins.join()}`] : []),
    ...(changed && step.changesNothing ? ['it changed a user or a key store, or spent a login'] : []),
    ...(requests.length > 0 && step.leavesKeyStoreAlone ? ['the custom resource was asked'] : []),
    ...(step.reason === undefined && failed ? [`the request failed: ${failed.reason}`] : []),
    ...(step.reason !== undefined && !failed?.reason.startsWith(step.reason) ? [`the reason is "${failed?.reason ?? ''}", not "${step.reason}…"`] : []),
    ...slow.map(({ type, time }) => `${type} was answered after ${(time.aws + time.ours) / 1000} s, not within ${step.within} s`),
  ];
}

/** The findings of a reason that lists them: `(1) …. (2) …` */
export function findingsOf(reason: string): string[] {
  return reason.split(/(?:^| )\(\d+\) /).slice(1);
}

function checkFindings(expected: string[], found: string[]): string[] {
  const same = expected.length === found.length && expected.every((words, index) => found[index]?.startsWith(words));
  return same ? [] : [`the findings are ${JSON.stringify(found)}, not ${JSON.stringify(expected)}`];
}

/** Lets what is deleted asynchronously, or was stopped, come to its end before anyone counts what is left. */
async function waitOut({ account: { aws } }: World): Promise<void> {
  await aws.clock.runTo(aws.clock.now + 10 * 60_000);
}
