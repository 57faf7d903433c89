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
  const moved = clustersOfMoves(world, seen);
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

/**
 * The clusters where kmsuser stays after a move: those that a key store of ours has left, because kmsuser owns the key material there, and those of
 * the same backups that an update has named and the key store has not reached (README, Update). Not the cluster that a key store was on last.
 */
export function clustersOfMoves({ account: { cloudFormation, cloudHsm } }: World, { clusters }: Seen): Set<string> {
  const last = [...clusters.values()].map((been) => [...been].at(-1));
  const lineages = [...clusters.values()].flatMap((been) => [...been]).map((id) => cloudHsm.findCluster(id)?.lineage);
  const updates = Object.values(cloudFormation.state.customResources.requests).filter(({ event }) => event.RequestType === 'Update');
  const named = JSON.stringify(updates.map(({ event }) => event.ResourceProperties ?? {}));
  const left = [...clusters.values()].flatMap((been) => [...been].slice(0, -1));
  const notReached = cloudHsm.state.clusters.filter(({ clusterId, lineage }) => named.includes(`"${clusterId}"`) && lineages.includes(lineage));
  return new Set([...left, ...notReached.map(({ clusterId }) => clusterId)].filter((id) => !last.includes(id)));
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
export function wasCreated({ account: { cloudFormation } }: World, { id }: Stack): boolean {
  const { requests } = cloudFormation.state.customResources;
  return cloudFormation.answers.some(({ requestId, status, accepted }) => {
    const event = requests[requestId]?.event;
    return accepted && status === 'SUCCESS' && event?.StackId === id && event.RequestType === 'Create';
  });
}
