import type { JsonObject } from '../../simulator/aws';
import type { CliConfiguration } from '../../simulator/cloudhsm/cli-configuration';
import type { CliEnvironment } from '../../simulator/cloudhsm/cloudhsm-cli';
import { kmsUsersOf, others, type NotOurs } from './not-ours';
import type { World } from '../world';

/** One API call, with what it took and gave. */
export interface SeenCall {
  time: number;
  /** The role that called; absent for a person or a service. */
  role?: string;
  caller: string;
  service: string;
  operation: string;
  input: JsonObject;
  output?: JsonObject;
  error?: string;
}

/** One run of cloudhsm-cli on a client. */
export interface SeenCommand {
  time: number;
  args: readonly string[];
  env: CliEnvironment;
  /** Whether the login was accepted; absent where there was none. */
  login?: boolean;
  /** The cluster whose kmsuser it has deleted, or given another password, although that kmsuser was not ours. */
  trespassedOn?: string;
}

/** What was seen while the world went on. The world itself forgets it: a deleted stack takes its secrets and logs along. */
export interface Seen {
  calls: SeenCall[];
  commands: SeenCommand[];
  /** What functions wrote into their logs. */
  logs: string[];
  /** What was published to EventBridge. */
  events: object[];
  /** Every text that ever was in a secret of Secrets Manager, with the secret's name. */
  secretTexts: Map<string, string>;
  /** Every password that KMS ever had for a key store. */
  storePasswords: Set<string>;
  /** The clusters that each key store has been on, by its id. */
  clusters: Map<string, Set<string>>;
  /** Seconds after which an execution of a machine is ended, by the machine's id. */
  bounds: Map<string, number>;
}

/** Watches the world from now on; what a person changes by hand is noted as not ours. */
export function witness(world: World, notOurs: NotOurs): Seen {
  const seen: Seen = {
    calls: [],
    commands: [],
    logs: [],
    events: [],
    secretTexts: new Map(),
    storePasswords: new Set(),
    clusters: new Map(),
    bounds: new Map(),
  };
  watchCalls(world, seen, notOurs);
  watchCommands(world, seen, notOurs);
  watchHands(world, notOurs);
  const { events, logs } = world.account;
  const write = logs.write.bind(logs);
  logs.write = (caller, group, stream, message) => {
    seen.logs.push(message);
    write(caller, group, stream, message);
  };
  const publish = events.publish.bind(events);
  events.publish = (event) => {
    seen.events.push(event);
    publish(event);
  };
  return seen;
}

function watchCalls({ account }: World, seen: Seen, notOurs: NotOurs): void {
  const { aws } = account;
  const call = aws.call.bind(aws);
  aws.call = async (caller, service, operation, input) => {
    const { arn, roleName: role } = caller;
    const record: SeenCall = { time: aws.clock.now, caller: arn, service, operation, input, ...(role !== undefined && { role }) };
    seen.calls.push(record);
    try {
      record.output = await call(caller, service, operation, input);
      if (record.role === undefined && service === 'kms') noteStoreOfOthers(record, notOurs);
      return record.output;
    } catch (error) {
      record.error = String(error);
      throw error;
    } finally {
      record.time = aws.clock.now;
      rememberWhatGoes(account, seen);
    }
  };
}

function noteStoreOfOthers({ operation, input, output }: SeenCall, { keyStores }: NotOurs): void {
  const id = String(operation === 'CreateCustomKeyStore' ? output?.['CustomKeyStoreId'] : input['CustomKeyStoreId']);
  // A person may do with a key store what they like: of those that are not ours, this one is compared no more.
  if (operation === 'CreateCustomKeyStore' || keyStores.has(id)) keyStores.set(id, undefined);
}

/** What is there after this call may be gone after the next one. */
function rememberWhatGoes({ kms, secrets, states }: World['account'], { secretTexts, storePasswords, clusters, bounds }: Seen): void {
  for (const { keyStoreId, clusterId, password } of kms.state.keyStores) {
    storePasswords.add(password);
    // The one it is on now comes last.
    const been = clusters.get(keyStoreId) ?? new Set();
    been.delete(clusterId);
    clusters.set(keyStoreId, been.add(clusterId));
  }
  for (const { name, versions } of Object.values(secrets.state.secrets)) {
    for (const { value } of versions) secretTexts.set('SecretString' in value ? value.SecretString : value.SecretBinary, name);
  }
  for (const { id, definition } of Object.values(states.state.machines)) {
    if (!bounds.has(id)) bounds.set(id, (JSON.parse(definition) as { TimeoutSeconds?: number }).TimeoutSeconds ?? Infinity);
  }
}

function watchCommands({ account: { aws, cloudHsm } }: World, seen: Seen, notOurs: NotOurs): void {
  const run = cloudHsm.run.bind(cloudHsm);
  cloudHsm.run = async (configuration: CliConfiguration, args, env) => {
    const record: SeenCommand = { time: aws.clock.now, args, env };
    seen.commands.push(record);
    const before = cloudHsm.state.logins.length;
    const result = await run(configuration, args, env);
    const login = cloudHsm.state.logins.slice(before).find(({ time, username }) => time === aws.clock.now && username !== 'kmsuser');
    if (login && env.CLOUDHSM_PIN !== undefined) record.login = login.accepted;
    if (result.exitCode === 0 && login) {
      if (args[1] === 'create') notOurs.kmsUserIn.delete(login.clusterId);
      else if (notOurs.kmsUserIn.has(login.clusterId)) record.trespassedOn = login.clusterId;
    }
    return result;
  };
}

/** A person puts users and secrets by hand. */
function watchHands({ account: { cloudHsm, secrets } }: World, notOurs: NotOurs): void {
  const putUser = cloudHsm.putUser.bind(cloudHsm);
  cloudHsm.putUser = (clusterId, user, hsmId) => {
    // A new password for a kmsuser of ours does not make it somebody else's; nor does its copy in a cluster that is restored from a backup.
    const { lineage } = cloudHsm.cluster(clusterId);
    const ours = cloudHsm.state.clusters.some((other) => other.lineage === lineage && !notOurs.kmsUserIn.has(other.clusterId) && kmsUsersOf(other).length > 0);
    if (user.username === 'kmsuser' && !ours) notOurs.kmsUserIn.add(clusterId);
    putUser(clusterId, user, hsmId);
    notOurs.users = others(cloudHsm.state.clusters, notOurs.kmsUserIn);
  };
  const put = secrets.put.bind(secrets);
  secrets.put = (name, value) => {
    // What a template has made stays the stack's.
    if (secrets.find(name)?.template === undefined) notOurs.secrets.set(name, JSON.stringify(value));
    return put(name, value);
  };
}
