import type { JsonObject } from '../simulator/aws';
import type { HsmUser } from '../simulator/cloudhsm/cluster';
import type { KeyStore } from '../simulator/kms/key-store';
import { exampleCertificates } from '../simulator/cloudhsm/example-certificates';
import type { World } from './world';

/** Calls an API as a person with every right, before or between the steps of a scenario. */
export function callByHand({ account: { aws } }: World, service: string, operation: string, input: JsonObject): Promise<JsonObject> {
  return aws.clock.runUntilSettled(aws.call(aws.iam.deployer, service, operation, input));
}

/** Adds a cluster of somebody else, with a kmsuser and a key store. Answers the cluster's id. */
export async function addKeyStoreOfOthers(world: World, name: string, lineage?: string): Promise<string> {
  const { account } = world;
  const { region } = account.aws;
  const clusterId = account.cloudHsm.addCluster({ zones: [`${region}a`, `${region}b`], adminPassword: 'somebody-elses-1', ...(lineage && { lineage }) });
  await makeKeyStore(world, name, clusterId);
  return clusterId;
}

/** Makes a kmsuser and a key store on a cluster, as somebody else, before or between the steps of a scenario. */
export async function makeKeyStore(world: World, name: string, clusterId: string): Promise<void> {
  world.account.cloudHsm.putUser(clusterId, { username: 'kmsuser', role: 'crypto-user', password: 'somebody-elses-1' });
  await world.account.aws.clock.runUntilSettled(createKeyStore(world, name, clusterId));
}

/** Creates a key store as somebody else, while a step runs. Answers its id. */
export async function createKeyStore({ account: { aws } }: World, CustomKeyStoreName: string, CloudHsmClusterId: string): Promise<string> {
  const TrustAnchorCertificate = exampleCertificates.trustAnchor;
  const input = { CustomKeyStoreName, CloudHsmClusterId, KeyStorePassword: 'somebody-elses-1', TrustAnchorCertificate };
  const { CustomKeyStoreId } = await aws.call(aws.iam.deployer, 'kms', 'CreateCustomKeyStore', input);
  return String(CustomKeyStoreId);
}

/** Virtual milliseconds after which nobody waits any longer: more than CloudFormation's hour for a request. */
const PATIENCE = 2 * 60 * 60_000;

/**
 * Waits, in virtual time, until something has come true while a step runs.
 * @throws Error if it does not in two hours
 */
export async function until(world: World, isTrue: (world: World) => boolean): Promise<void> {
  const { aws } = world.account;
  const end = aws.clock.now + PATIENCE;
  while (!isTrue(world)) {
    if (aws.clock.now > end) throw new Error(`This did not come true in two hours: ${isTrue.toString()}`);
    await aws.clock.sleep(20);
  }
}

/** Whether KMS has been connecting the key store for half a minute. */
export function connecting(world: World): boolean {
  const { aws } = world.account;
  const store = keyStoreOf(world);
  return store?.connection.state === 'CONNECTING' && aws.clock.now - store.changingSince >= 30_000;
}

/** The key store on the world's cluster, or on one of the same backups: KMS has no two. */
export function keyStoreOf({ account: { cloudHsm, kms }, clusterId }: World): KeyStore | undefined {
  const { lineage } = cloudHsm.cluster(clusterId);
  return kms.state.keyStores.find((store) => cloudHsm.findCluster(store.clusterId)?.lineage === lineage);
}

/** The kmsuser of each HSM of the world's cluster. */
export function kmsUsers({ account, clusterId }: World): HsmUser[] {
  return account.cloudHsm.cluster(clusterId).hsms.flatMap(({ users }) => users.filter(({ username }) => username === 'kmsuser'));
}

/** Tells whether a command of the stack to the client, for `inspect` or another action, is under way or has ended as its status says. */
export function commandIs(action: string, status: 'InProgress' | 'Success'): (world: World) => boolean {
  return ({ account: { ssm } }) => ssm.state.invocations.some((invocation) => invocation.parameters['Action'] === action && invocation.status === status);
}

/** The subnets of the world's cluster. */
export function subnetsOf({ account, clusterId }: World): string[] {
  return Object.values(account.cloudHsm.cluster(clusterId).subnetMapping);
}

/** Stores the admin's right password again: a new version of the secret. */
export function storeAdminPassword({ account, adminPassword }: World): void {
  account.secrets.put('hsm/admin-password', { SecretString: adminPassword });
}

/** Waits until the execution of a machine has run for some virtual seconds, and stops it as an operator does. */
export async function stopExecution(world: World, machine: string, seconds: number): Promise<void> {
  const { aws, states } = world.account;
  const find = () => Object.values(states.state.executions).find(({ machineName, status }) => machineName.endsWith(`-${machine}`) && status === 'RUNNING');
  await until(world, () => find() !== undefined);
  await aws.clock.sleep(seconds * 1000);
  await aws.call(aws.iam.deployer, 'states', 'StopExecution', { executionArn: find()?.arn ?? '' });
}

/** Disconnects the key store, and waits until KMS has done so. Answers its id. */
export async function disconnectKeyStore(world: World): Promise<string> {
  const { aws } = world.account;
  const CustomKeyStoreId = keyStoreOf(world)?.keyStoreId ?? '';
  await callByHand(world, 'kms', 'DisconnectCustomKeyStore', { CustomKeyStoreId });
  await aws.clock.runTo(aws.clock.now + 5 * 60_000);
  return CustomKeyStoreId;
}

/** Disconnects the key store, and connects it again after something was changed; waits until KMS has come to an end with it. */
export async function reconnectKeyStore(world: World, change: (world: World) => void): Promise<void> {
  const { aws } = world.account;
  const CustomKeyStoreId = await disconnectKeyStore(world);
  change(world);
  await callByHand(world, 'kms', 'ConnectCustomKeyStore', { CustomKeyStoreId });
  await aws.clock.runTo(aws.clock.now + 20 * 60_000);
}

/** Restores a cluster from a backup of the world's cluster, and configures the client's CLI for both. */
export function addRelative({ account, adminPassword, clusterId, instanceId }: World, relative: string): void {
  const { region } = account.aws;
  account.cloudHsm.addCluster({ clusterId: relative, zones: [`${region}a`, `${region}b`], adminPassword, lineage: clusterId });
  account.ssm.changeClient(instanceId, { clusters: [clusterId, relative] });
}

/** Disconnects and deletes the key store. */
export async function deleteKeyStore(world: World): Promise<void> {
  await callByHand(world, 'kms', 'DeleteCustomKeyStore', { CustomKeyStoreId: await disconnectKeyStore(world) });
}
