import { LocalAws } from '../simulator/aws';
import { AwsError } from '../simulator/errors';
import type { Fault } from '../simulator/faults';
import type { Crash } from '../simulator/lambda/crash';
import type { KeyPool } from '../simulator/ssm/key-pool';
import { HANDS, INTERFERING, LEAVING_A_KEY, putRight, type HandName } from './promises/hands';
import { lead, type Life, type Operation } from './promises/lead';
import { brokenPromises, createAgain, remember } from './promises/promises';
import { openWorld, type World } from './world';

/** What happens next in a life; plain data, so that a life can be printed, and played again without some of it. */
export type Happening =
  | { do: Operation; parameters?: Record<string, string>; meanwhile?: { hand: HandName; after: number } }
  | { hand: HandName }
  | { fault: Fault }
  | { crash: Crash };

/** What is in every world beside the stack, for updates to name. */
const OTHER_CLIENT = 'i-0a1b2c3d4e5f60718';
const RELATIVE = 'cluster-re2ative222';
const STRANGER = 'cluster-stranger222';
const OTHER_ADMIN_SECRET = 'hsm/other-admin';
const OTHER_CA_SECRET = 'hsm/other-ca';

/** The changes that an update may ask for. */
const CHANGES: readonly Record<string, readonly string[]>[] = [
  { pKeyStoreName: ['payments', 'ledgers', 'cloudhsm-key-store'] },
  { pDeleteKeyStoreUponStackDeletion: ['true', 'false'] },
  { pKmsUserPasswordRotation: ['2026-01', '2026-02', ''] },
  { pCloudHsmClusterId: [RELATIVE, RELATIVE, STRANGER, 'cluster-nobody22222'] },
  { pClientInstanceId: [OTHER_CLIENT] },
  { pCloudHsmAdminPasswordSecretName: [OTHER_ADMIN_SECRET, 'hsm/admin-password'] },
  { pCloudHsmCustCaCertSecretName: [OTHER_CA_SECRET, 'hsm/customer-ca'] },
  { pEnvPurpose: ['2', '1'] },
];

/** Calls that may fail, and how each service names a failure of its own (the API reference of each). */
const CALLS: readonly [string, readonly string[], string][] = [
  ['kms', ['CreateCustomKeyStore', 'ConnectCustomKeyStore', 'DisconnectCustomKeyStore'], 'KMSInternalException'],
  ['kms', ['DescribeCustomKeyStores', 'UpdateCustomKeyStore', 'DeleteCustomKeyStore'], 'KMSInternalException'],
  ['secretsmanager', ['GetSecretValue', 'PutSecretValue'], 'InternalServiceError'],
  ['ssm', ['SendCommand', 'GetCommandInvocation', 'DescribeInstanceInformation'], 'InternalServerError'],
  ['states', ['StartExecution', 'ListExecutions', 'StopExecution'], 'InternalFailure'],
  ['cloudhsm', ['DescribeClusters'], 'CloudHsmInternalFailureException'],
];

const FUNCTIONS = ['custom-resource', 'check-prerequisites', 'manage-kms-user', 'manage-key-store', 'send-cfn-response'];
const DELETE_IT = { pDeleteKeyStoreUponStackDeletion: 'true' };
/** What may happen at any time. */
const ALWAYS: readonly HandName[] = ['stores a wrong admin password', 'stores the right admin password', 'sends the last request again'];

/** Makes a life from a seed: the same seed, the same life. */
export function makeLife(seed: number): Happening[] {
  const { random } = new LocalAws({ seed });
  const below = (count: number): number => Math.floor(random() * count);
  const pick = <T>(list: readonly [T, ...T[]] | readonly T[]): T => {
    const one = list[below(list.length)];
    if (one === undefined) throw new Error('There is nothing to pick');
    return one;
  };
  const change = (): Record<string, string> => Object.fromEntries(Object.entries(pick(CHANGES)).map(([name, values]) => [name, pick(values)]));
  const fault = (): Fault => {
    const [service, operations, code] = pick(CALLS);
    const kind = pick<Partial<Fault>>([{ code }, { code, times: 3 }, { code: 'ThrottlingException', times: 2 }, { answer: 'lost' }, { answer: 'stale' }]);
    return { service, operation: pick(operations), skip: below(4), ...kind };
  };
  const crash = (): Crash => ({ functionName: pick(FUNCTIONS), skip: below(4), afterRequests: below(4) });
  const operation = (what: Operation, parameters: Record<string, string> | undefined, hands: readonly HandName[]): Happening => ({
    do: what,
    ...(parameters && { parameters }),
    // Most of what is delicate happens in the first two minutes; connecting takes eight.
    ...(random() < 0.4 && { meanwhile: { hand: pick([...hands, ...INTERFERING]), after: below(random() < 0.7 ? 120 : 700) } }),
  });
  const calledOff: HandName[] = ['stops the create', 'stops the connection', 'deletes the stack', 'deletes the stack'];
  const create = (): Happening => operation('create', random() < 0.5 ? DELETE_IT : undefined, [...calledOff, ...ALWAYS]);
  const update = (): Happening => operation('update', { ...change(), ...(random() < 0.3 && change()) }, ['stops the update', 'cancels the update', ...ALWAYS]);
  const remove = (): Happening => operation('delete', undefined, ['stops the delete', ...ALWAYS]);
  const happenings: Happening[] = [create()];
  // Whether there is a stack, as far as one can tell beforehand.
  let there = true;
  for (let count = 1 + below(6); count > 0; count--) {
    const kind = random();
    if (!there) happenings.push(create());
    else if (kind < 0.5) happenings.push(update());
    else if (kind < 0.7) happenings.push(remove());
    else happenings.push({ hand: pick([...INTERFERING, 'puts a KMS key into the key store', ...ALWAYS]) });
    there = there ? kind < 0.5 || kind >= 0.7 : true;
  }
  for (let count = below(3); count > 0; count--) happenings.splice(below(happenings.length), 0, random() < 0.3 ? { crash: crash() } : { fault: fault() });
  return happenings;
}

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
export async function playLife(seed: number, happenings: readonly Happening[], { keyPool, templateBody }: LifeOptions): Promise<Played> {
  const world = await openWorld({ seed, keyPool });
  try {
    addOthers(world);
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
function addOthers({ account, adminPassword, clusterId, instanceId }: World): void {
  const { aws, cloudHsm, secrets, ssm } = account;
  const zones = [`${aws.region}a`, `${aws.region}b`];
  cloudHsm.addCluster({ clusterId: RELATIVE, zones, adminPassword, lineage: clusterId });
  cloudHsm.addCluster({ clusterId: STRANGER, zones, adminPassword });
  ssm.addInstance({ instanceId: OTHER_CLIENT, clusterId });
  for (const instance of [instanceId, OTHER_CLIENT]) ssm.changeClient(instance, { clusters: [clusterId, RELATIVE, STRANGER] });
  secrets.put(OTHER_ADMIN_SECRET, { SecretString: JSON.stringify({ username: 'admin', password: adminPassword }) });
  const certificate = secrets.find('hsm/customer-ca')?.versions[0]?.value;
  if (certificate) secrets.put(OTHER_CA_SECRET, certificate);
}

/** Plays one happening; one that CloudFormation does not take, or that does not apply, changes nothing. */
async function play(life: Life, happening: Happening): Promise<string> {
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

/** Finds the shortest life that is still wrong: drops one happening, or what comes meanwhile, as long as that can be done. */
export async function shrink(happenings: readonly Happening[], isWrong: (shorter: readonly Happening[]) => Promise<boolean>): Promise<readonly Happening[]> {
  for (const shorter of shorterThan(happenings)) if (await isWrong(shorter)) return shrink(shorter, isWrong);
  return happenings;
}

function shorterThan(happenings: readonly Happening[]): Happening[][] {
  const without = happenings.map((_one, index) => happenings.filter((_other, place) => place !== index));
  const alone = happenings.flatMap((one, index) => {
    if (!('meanwhile' in one)) return [];
    const { meanwhile: _meanwhile, ...rest } = one;
    return [happenings.map((other, place) => (place === index ? rest : other))];
  });
  return [...without, ...alone];
}

/** A life as text, one happening a line. */
export function tell(seed: number, happenings: readonly Happening[], { ends }: Pick<Played, 'ends'> = { ends: [] }): string {
  const end = (index: number): string => (ends[index] === undefined ? '' : ` → ${ends[index]}`);
  return [`life of seed ${seed}:`, ...happenings.map((one, index) => `  ${JSON.stringify(one)}${end(index)}`)].join('\n');
}
