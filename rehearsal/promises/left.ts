import type { Stack } from '../../simulator/cloudformation/stack';
import type { KeyStore } from '../../simulator/kms/key-store';
import { leftovers } from '../leftovers';
import type { World } from '../world';
import { kmsUsersOf } from './not-ours';
import type { Before } from './remember';
import type { Seen } from './witness';

/** P4: a stack that is gone, or rolled back, has left nothing but what it must keep. */
export function checkLeft(world: World, { notOurs, seen }: Before, interfered: boolean): string[] {
  const { cloudFormation, cloudHsm, kms } = world.account;
  const { status } = cloudFormation.state.stacks.at(-1) ?? { status: 'DELETE_COMPLETE' };
  if (!['DELETE_COMPLETE', 'ROLLBACK_COMPLETE'].includes(status)) return [];
  const kept = kms.state.keyStores.filter((store) => mayBeKept(world, store));
  const moved = clustersLeft(seen);
  const isKept = (line: string): boolean =>
    // A person may have connected it again.
    kept.some(({ keyStoreId }) => line.startsWith(`key store ${keyStoreId} (${interfered ? '' : 'DISCONNECTED)'}`)) ||
    // A kept key store needs its user; a user who owns keys cannot be deleted (CloudHSM User Guide, cloudhsm_cli-user-delete).
    cloudHsm.state.clusters.some(
      (cluster) =>
        line === `user kmsuser in ${cluster.clusterId === world.clusterId ? 'the cluster' : cluster.clusterId}` &&
        (moved.has(cluster.clusterId) || kept.some(({ clusterId }) => clusterId === cluster.clusterId) || kmsUsersOf(cluster).some(({ ownsKeys }) => ownsKeys)),
    );
  return leftovers(world, notOurs)
    .filter((line) => !isKept(line))
    .map((line) => `P4: left over: ${line}`);
}

/** The clusters that a key store of ours has been on and has left: kmsuser stays there, as the owner of the key material (README, Update). */
export function clustersLeft({ clusters }: Seen): Set<string> {
  return new Set([...clusters.values()].flatMap((been) => [...been].slice(0, -1)));
}

/** Whether a key store of ours may outlive its stack: it holds KMS keys, nobody has asked for its deletion, or the resource was retained. */
export function mayBeKept(world: World, { createdAt, keys }: KeyStore): boolean {
  if (keys.length > 0) return true;
  const { stacks } = world.account.cloudFormation.state;
  const stack = stacks.findLast(({ events }) => (events[0]?.time ?? Infinity) <= createdAt);
  if (!stack) return false;
  const retained = stack.events.some(({ type, status }) => type.startsWith('Custom::') && status === 'DELETE_SKIPPED');
  return retained || (stack.parameters['pDeleteKeyStoreUponStackDeletion'] !== 'true' && wasCreated(world, stack));
}

/** Whether CloudFormation ever took a SUCCESS for the create of the stack's key store. */
function wasCreated({ account: { cloudFormation } }: World, { id }: Stack): boolean {
  const { requests } = cloudFormation.state.customResources;
  return cloudFormation.answers.some(({ requestId, status, accepted }) => {
    const event = requests[requestId]?.event;
    return accepted && status === 'SUCCESS' && event?.StackId === id && event.RequestType === 'Create';
  });
}
