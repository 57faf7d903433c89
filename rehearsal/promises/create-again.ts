import { storeAdminPassword } from '../by-hand';
import { leftovers } from '../leftovers';
import { STACK, type World } from '../world';
import { reasonOf } from './answers';
import { lead } from './lead';
import { clustersOfMoves } from './left';
import { kmsUsersOf } from './not-ours';
import type { Before } from './remember';

/** Virtual seconds after which all that was stopped or deleted has come to its end. */
const REST = 10 * 60;

/**
 * P6: after any life the stack can be created again, and goes again without a trace. A person first puts right what they would be told to: faults
 * are over, the client is online, the admin's password is stored again, the old stack is deleted. If that has kept a key store, the create must
 * name it, and works when it is removed; one that holds KMS keys ends the check there.
 * @returns the ways in which that is not so, each beginning with P6; empty when all is well
 */
export async function createAgain(world: World, { notOurs, seen }: Before): Promise<string[]> {
  const { account, instanceId } = world;
  const { aws, cloudFormation, cloudHsm, kms, ssm } = account;
  const life = lead(world, cloudFormation.state.stacks.at(-1)?.body);
  const wanted = { pDeleteKeyStoreUponStackDeletion: 'true' };
  const reasons = (): string => cloudFormation.answers.slice(-3).map(reasonOf).join(' / ');
  aws.faults.length = 0;
  ssm.setOnline(instanceId, true);
  storeAdminPassword(world);
  if (cloudFormation.state.stacks.length > 0) {
    const ended = await life.delete();
    if (ended !== 'DELETE_COMPLETE') return [`P6: the old stack is ${ended}: ${reasons()}`];
  }
  await life.pass(REST);
  const kept = kms.state.keyStores.find((store) => isInTheWay(world, store.clusterId));
  if (kept) {
    const { keyStoreId: CustomKeyStoreId } = kept;
    const ended = await life.create(wanted);
    const told = cloudFormation.answers.map(reasonOf).findLast((reason) => reason !== '') ?? '';
    if (ended !== 'ROLLBACK_COMPLETE' || !told.includes(CustomKeyStoreId))
      return [`P6: the create beside the kept ${CustomKeyStoreId} is ${ended} and does not name it: ${told}`];
    if ((await life.delete()) !== 'DELETE_COMPLETE') return [`P6: the stack beside the kept ${CustomKeyStoreId} cannot be deleted: ${reasons()}`];
    if (kept.keys.length > 0 || notOurs.keyStores.has(CustomKeyStoreId)) return [];
    if (kept.connection.state !== 'DISCONNECTED') await life.settled(aws.call(aws.iam.deployer, 'kms', 'DisconnectCustomKeyStore', { CustomKeyStoreId }));
    await life.pass(REST);
    await life.settled(aws.call(aws.iam.deployer, 'kms', 'DeleteCustomKeyStore', { CustomKeyStoreId }));
  }
  // A kmsuser that may be there, since it belongs to a key store that was kept or has moved away, owns keys or is not ours, is deleted as the answer
  // to a create would say.
  const known = [kept?.clusterId, ...clustersOfMoves(world, seen), ...notOurs.kmsUserIn];
  for (const cluster of cloudHsm.state.clusters) {
    const mayBe = known.includes(cluster.clusterId) || kmsUsersOf(cluster).some(({ ownsKeys }) => ownsKeys);
    if (mayBe && isInTheWay(world, cluster.clusterId)) for (const hsm of cluster.hsms) hsm.users = hsm.users.filter(({ username }) => username !== 'kmsuser');
  }
  const before = leftovers(world, notOurs);
  const created = await life.create(wanted);
  if (created !== 'CREATE_COMPLETE') return [`P6: the new stack is ${created}: ${reasons()}`];
  const id = cloudFormation.stack(STACK).outputs['oKeyStoreId'];
  const state = kms.state.keyStores.find(({ keyStoreId }) => keyStoreId === id)?.connection.state;
  if (state !== 'CONNECTED') return [`P6: the key store of the new stack is ${state}`];
  const deleted = await life.delete();
  await life.pass(REST);
  if (deleted !== 'DELETE_COMPLETE') return [`P6: the new stack is ${deleted}: ${reasons()}`];
  return leftovers(world, notOurs)
    .filter((line) => !before.includes(line))
    .map((line) => `P6: left over by the new stack: ${line}`);
}

/** Whether a key store on that cluster keeps KMS from making another one on the world's cluster: the same, or one of the same backups. */
function isInTheWay({ account: { cloudHsm }, clusterId }: World, other: string): boolean {
  return cloudHsm.findCluster(other)?.lineage === cloudHsm.cluster(clusterId).lineage;
}
