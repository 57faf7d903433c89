import type { JsonObject } from '../../simulator/aws';
import { AwsError } from '../../simulator/errors';
import { keyStoreOf, kmsUsers } from '../by-hand';
import { STACK, type World } from '../world';
import { kmsUsersOf } from './not-ours';

/** What a person does in the middle of a stack's life, or what befalls what they own. Each does nothing where it does not apply. */
type Hand = (world: World) => void | Promise<void>;

/** The zones of the world's cluster. */
const zones = (world: World): string[] => ['a', 'b'].map((zone) => `${world.account.aws.region}${zone}`);

/** Calls an API as a person; what AWS refuses, they leave. */
async function ask({ account: { aws } }: World, service: string, operation: string, input: JsonObject): Promise<void> {
  await aws.call(aws.iam.deployer, service, operation, input).catch((error: unknown) => {
    if (!(error instanceof AwsError)) throw error;
  });
}

async function withStore(world: World, operation: string): Promise<void> {
  const store = keyStoreOf(world);
  if (store) await ask(world, 'kms', operation, { CustomKeyStoreId: store.keyStoreId });
}

async function stop(world: World, machine: string): Promise<void> {
  const running = Object.values(world.account.states.state.executions).find(({ machineName, status }) => status === 'RUNNING' && machineName.endsWith(machine));
  if (running) await ask(world, 'states', 'StopExecution', { executionArn: running.arn });
}

/** Every hand by its name. */
export const HANDS = {
  'disconnects the key store': (world) => withStore(world, 'DisconnectCustomKeyStore'),
  'connects the key store': (world) => withStore(world, 'ConnectCustomKeyStore'),
  'deletes the key store': async (world) => {
    await withStore(world, 'DisconnectCustomKeyStore');
    await world.account.aws.clock.sleep(90_000);
    // A stack that is about to keep it leaves kmsuser to it: who deletes it after that is the one to delete kmsuser.
    const { status, parameters } = world.account.cloudFormation.stack(STACK);
    if (!status.startsWith('DELETE_') || parameters['pDeleteKeyStoreUponStackDeletion'] === 'true') await withStore(world, 'DeleteCustomKeyStore');
  },
  'puts a KMS key into the key store': (world) => {
    const store = keyStoreOf(world);
    if (store?.connection.state === 'CONNECTED') world.account.kms.addKey(store.keyStoreId);
  },
  'resets the password of kmsuser': (world) => {
    for (const user of kmsUsers(world)) user.password = 'by-hand-1';
  },
  'locks kmsuser': (world) => {
    for (const user of kmsUsers(world)) user.refusedLogins = 5;
  },
  'deletes kmsuser': ({ account: { cloudHsm }, clusterId }) => {
    const { hsms } = cloudHsm.cluster(clusterId);
    if (kmsUsersOf(cloudHsm.cluster(clusterId)).some(({ ownsKeys, loggedIn }) => ownsKeys || loggedIn)) return;
    for (const hsm of hsms) hsm.users = hsm.users.filter(({ username }) => username !== 'kmsuser');
  },
  'takes an HSM away': ({ account: { cloudHsm }, clusterId }) => void cloudHsm.cluster(clusterId).hsms.splice(1, 1),
  'adds an HSM': (world) => {
    const { cloudHsm } = world.account;
    for (const zone of zones(world)) {
      if (!cloudHsm.cluster(world.clusterId).hsms.some(({ availabilityZone }) => availabilityZone === zone)) cloudHsm.addHsm(world.clusterId, zone);
    }
  },
  'stops the client': ({ account: { ssm }, instanceId }) => ssm.stop(instanceId),
  'cuts the client off': ({ account: { ssm }, instanceId }) => ssm.setOnline(instanceId, false),
  'restarts the client': ({ account: { ssm }, instanceId }) => ssm.reboot(instanceId),
  'stores a wrong admin password': ({ account: { secrets } }) => void secrets.put('hsm/admin-password', { SecretString: 'not-the-password' }),
  'stores the right admin password': ({ account: { secrets }, adminPassword }) => void secrets.put('hsm/admin-password', { SecretString: adminPassword }),
  'stops the create': (world) => stop(world, '-create-key-store'),
  'stops the update': (world) => stop(world, '-update-key-store'),
  'stops the delete': (world) => stop(world, '-delete-key-store'),
  'stops the connection': (world) => stop(world, '-connect-key-store'),
  'cancels the update': ({ account: { cloudFormation } }) => {
    if (cloudFormation.stack(STACK).status === 'UPDATE_IN_PROGRESS') cloudFormation.cancelUpdateStack(STACK);
  },
  'deletes the stack': async ({ account: { cloudFormation } }) => {
    if (cloudFormation.stack(STACK).status === 'CREATE_IN_PROGRESS') await cloudFormation.deleteStack(STACK);
  },
  'sends the last request again': async ({ account: { cloudFormation } }) => {
    const [last, request] = Object.entries(cloudFormation.state.customResources.requests).at(-1) ?? [];
    // When the stack takes its roles away, a second delivery of what is answered is denied all it asks for, and can only answer so: nobody listens.
    const goes = /^(DELETE|ROLLBACK)_IN_PROGRESS$/.test(cloudFormation.stack(STACK).status);
    if (last === undefined || (goes && !request?.open)) return;
    await cloudFormation.redeliver(last).catch((error: unknown) => {
      if (!(error instanceof AwsError)) throw error;
    });
  },
} as const satisfies Record<string, Hand>;

export type HandName = keyof typeof HANDS;

/** Those after which nobody can tell the settings in force, or what is not ours, from a person's work. */
export const INTERFERING: readonly HandName[] = [
  'disconnects the key store',
  'connects the key store',
  'deletes the key store',
  'resets the password of kmsuser',
  'locks kmsuser',
  'deletes kmsuser',
  'takes an HSM away',
  'adds an HSM',
  'stops the client',
  'cuts the client off',
  'restarts the client',
];

/**
 * Those after which the key of an inspection may stay on the client: nothing runs any more that would take it away, or the client cannot be reached.
 * It lies in memory, for root alone, and is refused after ten minutes.
 */
export const LEAVING_A_KEY: readonly HandName[] = [
  'stops the create',
  'stops the update',
  'stops the delete',
  'stops the client',
  'cuts the client off',
  'restarts the client',
];

/** Puts right what a person can put right: faults are over, HSMs and the client are there, the admin's password is stored again. */
export async function putRight(world: World): Promise<void> {
  const { aws, lambda, ssm } = world.account;
  aws.faults.length = 0;
  lambda.crashes.length = 0;
  HANDS['adds an HSM'](world);
  for (const { instanceId } of ssm.state.instances) ssm.setOnline(instanceId, true);
  HANDS['stores the right admin password'](world);
  await aws.clock.runTo(aws.clock.now + 10 * 60_000);
}
