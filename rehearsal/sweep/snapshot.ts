import { LocalAccount } from '../../simulator/local-account';
import type { KeyPool } from '../../simulator/ssm/key-pool';
import { others } from '../promises/not-ours';
import { remember, type Before } from '../promises/promises';
import type { World } from '../world';

/** A world with a stack in it, at a moment when nothing goes on, to begin many lives from. */
export interface Snapshot {
  world: Omit<World, 'account'>;
  now: number;
  /** What each service remembers, by its name. */
  states: Record<string, object>;
  calls: World['account']['aws']['calls'];
  before: Before;
}

/** What each service of an account remembers: plain data. */
function statesOf({ aws, cloudFormation, cloudHsm, ec2, events, kms, lambda, logs, secrets, ssm, states }: LocalAccount): Record<string, object> {
  return {
    stacks: cloudFormation.state.stacks,
    customResources: cloudFormation.state.customResources,
    cloudHsm: cloudHsm.state,
    ec2: ec2.state,
    events: events.state,
    iam: aws.iam.state,
    kms: kms.state,
    lambda: lambda.state,
    logs: logs.state,
    secrets: secrets.state,
    ssm: ssm.state,
    states: states.state,
  };
}

/** Copies a world in which nothing goes on. */
export function takeSnapshot({ account, ...world }: World, before: Before): Snapshot {
  return { world, now: account.aws.clock.now, states: structuredClone(statesOf(account)), calls: structuredClone(account.aws.calls), before };
}

/** Makes a world of its own from a snapshot, and goes on to watch it. */
export async function restore(snapshot: Snapshot, seed: number, keyPool: KeyPool): Promise<{ world: World; before: Before }> {
  const account = await LocalAccount.open({ seed, keyPool });
  const { aws, ssm } = account;
  await aws.clock.runTo(snapshot.now);
  for (const [name, state] of Object.entries(statesOf(account))) Object.assign(state, structuredClone(snapshot.states[name]));
  // An instance has a file tree, which is made anew.
  ssm.state.instances = [];
  aws.calls.push(...structuredClone(snapshot.calls));
  const { clusterId, instanceId } = snapshot.world;
  ssm.addInstance({ instanceId, clusterId });
  const world = { ...snapshot.world, account };
  const before = remember(world);
  const { notOurs, seen } = snapshot.before;
  // What the stack has made since then is the stack's, and what was seen of it stays seen.
  before.notOurs.keyStores = new Map(notOurs.keyStores);
  before.notOurs.kmsUserIn = new Set(notOurs.kmsUserIn);
  before.notOurs.users = others(account.cloudHsm.state.clusters, before.notOurs.kmsUserIn);
  before.notOurs.secrets = new Map(notOurs.secrets);
  before.seen.secretTexts = new Map(seen.secretTexts);
  before.seen.storePasswords = new Set(seen.storePasswords);
  before.seen.clusters = structuredClone(seen.clusters);
  before.seen.bounds = new Map(seen.bounds);
  before.seen.calls.push(...seen.calls);
  before.seen.commands.push(...seen.commands);
  return { world, before };
}
