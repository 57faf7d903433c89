import { storeAdminPassword } from '../by-hand';
import { brokenPromises, createAgain, type Before } from '../promises/promises';
import { reasonOf } from '../promises/answers';
import { STACK, type World } from '../world';
import { faultKind, type SweepCase } from './case';
import { fingerprint } from './fingerprint';
import type { Lifecycle } from './lifecycle';
import { shortName } from './recorder';
import { rest, type Stage } from './stage';
import { Timeline } from './timeline';

/** A case as it was played. */
export interface Played {
  id: string;
  /** Whether the fault has struck. */
  struck: boolean;
  /** The status that the operation ended in. */
  ended: string;
  /** What it has broken, one line each; empty when all is well. */
  broken: string[];
  /** How many operations of stacks were played. */
  operations: number;
  /** The states that were entered, as sites name them. */
  visited: string[];
  /** What happened, a line each; only if it was asked for. */
  timeline: string[];
}

/** How often a person tries the same, when they have put right what the reason tells. */
const TRIES = 3;

/**
 * Plays a case: the operation under its fault, what a person does then, and the promises after it.
 * @param told whether to tell what happens
 */
export async function playCase(stage: Stage, lifecycle: Lifecycle, { id, site, fault }: SweepCase, told = false): Promise<Played> {
  const kind = faultKind(fault);
  const { world, before } = await stage.open(lifecycle);
  const visited = new Set<string>();
  world.account.states.onStateEntered(({ machineName }, state) => visited.add(`${shortName(machineName, world.account.aws.region)}.${state}`));
  const timeline = told ? new Timeline(world) : undefined;
  const operationsBefore = operationsOf(world);
  const broken: string[] = [];
  let ended = '';
  let struck = false;
  try {
    const { end, struck: hasStruck } = kind.arm(world, site);
    ended = await stage.operate(world, lifecycle);
    timeline?.note(`the stack is ${ended}`);
    await rest(world);
    struck = hasStruck();
    await end();
    if (kind.passes && ended !== lifecycle.ends) broken.push(`ended ${ended}, and without the fault ${lifecycle.ends}: ${lastReason(world)}`);
    broken.push(...(await goBack(world)));
    const { brokenBefore = false } = lifecycle;
    const promises = (): string[] => brokenPromises(world, before, { brokenBefore });
    broken.push(...promises());
    const like = fingerprint(world);
    if (!stage.fine.has(like)) {
      const afterwards = [...(await deleteStack(world)), ...promises(), ...(await againIn(stage, world, before))];
      timeline?.note(`the stack is ${world.account.cloudFormation.stack(STACK).status}`);
      if (afterwards.length === 0) stage.fine.add(like);
      broken.push(...afterwards);
    }
  } catch (error) {
    broken.push(`the play broke off: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  } finally {
    await world.account.close();
  }
  const operations = operationsOf(world) - operationsBefore;
  return { id, struck, ended, broken: [...new Set(broken)], operations, visited: [...visited], timeline: timeline?.lines() ?? [] };
}

/** P6, unless it was seen to hold in a world like this one. */
async function againIn({ fine }: Stage, world: World, before: Before): Promise<string[]> {
  const like = fingerprint(world);
  if (fine.has(like)) return [];
  const broken = await createAgain(world, before);
  if (broken.length === 0) fine.add(like);
  return broken;
}

/** A person lets a rollback go on that has failed, when the fault is over. */
async function goBack(world: World): Promise<string[]> {
  const { aws, cloudFormation } = world.account;
  for (let tries = 0; tries < TRIES; tries++) {
    if (cloudFormation.stack(STACK).status !== 'UPDATE_ROLLBACK_FAILED') return [];
    if (tries > 0) storeAdminPassword(world);
    await aws.clock.runUntilSettled(cloudFormation.continueUpdateRollback(STACK));
    await rest(world);
  }
  return cloudFormation.stack(STACK).status === 'UPDATE_ROLLBACK_FAILED' ? [`P8: the rollback fails also when the fault is over: ${lastReason(world)}`] : [];
}

/** A person deletes the stack, and again when they have put right what the reason tells. */
async function deleteStack(world: World): Promise<string[]> {
  const { aws, cloudFormation } = world.account;
  for (let tries = 0; tries < TRIES; tries++) {
    if (cloudFormation.stack(STACK).status === 'DELETE_COMPLETE') return [];
    if (tries > 0) storeAdminPassword(world);
    await aws.clock.runUntilSettled(cloudFormation.deleteStack(STACK));
    await rest(world);
  }
  const { status } = cloudFormation.stack(STACK);
  return status === 'DELETE_COMPLETE' ? [] : [`P4: the stack is ${status} after ${TRIES} deletes: ${lastReason(world)}`];
}

function lastReason({ account: { cloudFormation } }: World): string {
  return cloudFormation.answers.map(reasonOf).findLast((reason) => reason !== '' && reason !== 'Done') ?? '';
}

function operationsOf({ account: { cloudFormation } }: World): number {
  const events = cloudFormation.state.stacks.flatMap((stack) => stack.events).filter(({ type }) => type === 'AWS::CloudFormation::Stack');
  return events.filter(({ status, reason }) => status.endsWith('_IN_PROGRESS') && reason === 'User Initiated').length;
}

