import { AwsError } from '../simulator/errors';
import type { Fault } from '../simulator/faults';
import type { Crash } from '../simulator/lambda/crash';
import type { KeyPool } from '../simulator/ssm/key-pool';
import { addKeyStoreOfOthers } from './by-hand';
import { HANDS, INTERFERING, LEAVING_A_KEY, putRight, type HandName } from './promises/hands';
import { lead, type Life as Led, type Operation } from './promises/lead';
import { brokenPromises, createAgain, remember } from './promises/promises';
import { openWorld, type World } from './world';

/** What happens next in a life; plain data, so that a life can be printed, and played again without some of it. */
export type Happening =
  | { do: Operation; parameters?: Record<string, string>; meanwhile?: { hand: HandName; after: number } }
  | { hand: HandName }
  | { fault: Fault }
  | { crash: Crash };

/** A life, and the seed of the world that it is led in. */
export interface Life {
  seed: number;
  happenings: Happening[];
}

/** What is in every world beside the stack, for updates to name. */
export const OTHERS = {
  client: 'i-0a1b2c3d4e5f60718',
  relative: 'cluster-re2ative222',
  stranger: 'cluster-stranger222',
  adminSecret: 'hsm/other-admin',
  caSecret: 'hsm/other-ca',
} as const;

/** A life that was played. */
export interface Played {
  /** The promises that it has broken. */
  broken: string[];
  /** How each happening ended. */
  ends: string[];
}

/** How a life is played. */
export interface LifeOptions {
  /** Where the client's RSA keys come from: many lives are played. */
  keyPool: KeyPool;
  /** Default: the emitted template. */
  templateBody?: string;
}

/** Plays a life to its end: what can be put right is, the stack is deleted, and created again. */
export async function playLife({ seed, happenings }: Life, { keyPool, templateBody }: LifeOptions): Promise<Played> {
  const world = await openWorld({ seed, keyPool });
  try {
    await addOthers(world);
    const before = remember(world);
    const life = lead(world, templateBody);
    const ends: string[] = [];
    for (const happening of happenings) ends.push(await play(life, happening));
    const hands = happenings.flatMap((one) => ('hand' in one ? [one.hand] : 'do' in one && one.meanwhile ? [one.meanwhile.hand] : []));
    const story = {
      interfered: hands.some((hand) => INTERFERING.includes(hand)),
      leaves: hands.some((hand) => LEAVING_A_KEY.includes(hand)) ? [/^file \S+\.pem on the client$/] : [],
    };
    await life.pass(600);
    const broken = brokenPromises(world, before, story);
    await putRight(world);
    const again = await createAgain(world, before);
    return { broken: [...new Set([...broken, ...again, ...brokenPromises(world, before, story)])], ends };
  } finally {
    await world.account.close();
  }
}

/** Adds what is somebody else's, or is the user's and not used yet. */
async function addOthers(world: World): Promise<void> {
  const { account, adminPassword, clusterId, instanceId } = world;
  await addKeyStoreOfOthers(world, 'somebody-elses');
  const { aws, cloudHsm, secrets, ssm } = account;
  const zones = [`${aws.region}a`, `${aws.region}b`];
  cloudHsm.addCluster({ clusterId: OTHERS.relative, zones, adminPassword, lineage: clusterId });
  cloudHsm.addCluster({ clusterId: OTHERS.stranger, zones, adminPassword });
  ssm.addInstance({ instanceId: OTHERS.client, clusterId });
  for (const instance of [instanceId, OTHERS.client]) ssm.changeClient(instance, { clusters: [clusterId, OTHERS.relative, OTHERS.stranger] });
  secrets.put(OTHERS.adminSecret, { SecretString: JSON.stringify({ username: 'admin', password: adminPassword }) });
  const certificate = secrets.find('hsm/customer-ca')?.versions[0]?.value;
  if (certificate) secrets.put(OTHERS.caSecret, certificate);
}

/** Plays one happening; one that CloudFormation does not take, or that does not apply, changes nothing. */
async function play(life: Led, happening: Happening): Promise<string> {
  const { world } = life;
  if ('fault' in happening) {
    world.account.aws.failCalls(happening.fault);
    return 'awaited';
  }
  if ('crash' in happening) {
    world.account.lambda.crashes.push({ ...happening.crash });
    return 'awaited';
  }
  if ('hand' in happening) {
    if (isGone(world)) return 'nothing to do';
    await life.settled(Promise.resolve(HANDS[happening.hand](world)));
    await life.pass(60);
    return 'done';
  }
  const { do: what, parameters, meanwhile: { hand, after } = { hand: undefined, after: 0 } } = happening;
  try {
    const answered = life.verdicts().length;
    // What a person must do first.
    const status = world.account.cloudFormation.state.stacks.at(-1)?.status;
    if (what === 'create' && status === 'ROLLBACK_COMPLETE') await life.delete();
    if (what === 'update' && status === 'UPDATE_ROLLBACK_FAILED') await life.continueRollback();
    const ended = await life.meanwhile(what, after, () => hand && !isGone(world) && HANDS[hand](world), parameters);
    return [ended, ...life.verdicts().slice(answered).flatMap(({ reason }) => (reason === '' ? [] : [reason]))].join(': ');
  } catch (error) {
    if (error instanceof AwsError) return `refused: ${error.message}`;
    throw error;
  }
}

/** Then what is left is none of the stack's business. */
function isGone({ account: { cloudFormation } }: World): boolean {
  return ['DELETE_COMPLETE', 'ROLLBACK_COMPLETE'].includes(cloudFormation.state.stacks.at(-1)?.status ?? 'DELETE_COMPLETE');
}

/** A life as text, one happening a line, with how each ended. */
export function tell({ seed, happenings }: Life, { ends }: Played): string {
  return [`World of seed ${seed}:`, ...happenings.map((one, index) => `  ${JSON.stringify(one)} → ${ends[index] ?? ''}`)].join('\n');
}
