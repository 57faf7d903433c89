import type { Stack } from '../../simulator/cloudformation/stack';
import type { World } from '../world';
import { mayBeKept, wasCreated } from './left';
import { kmsUsersOf, type NotOurs } from './not-ours';
import type { Seen } from './witness';

/** P4: a stack that is gone has left what it must keep: a key store whose deletion nobody has asked for, and the kmsuser of each that is left. */
export function checkKept(world: World, { calls }: Seen, { keyStores, kmsUserIn }: NotOurs, interfered: boolean): string[] {
  const { cloudFormation, cloudHsm, kms } = world.account;
  const stack = cloudFormation.state.stacks.at(-1);
  if (stack?.status !== 'DELETE_COMPLETE') return [];
  const asked = stack.parameters['pDeleteKeyStoreUponStackDeletion'] === 'true' || !wasCreated(world, stack);
  const wanted = asked ? undefined : lastKeyStore(world, stack);
  const byPersons = calls.filter(({ role, operation, error }) => role === undefined && operation === 'DeleteCustomKeyStore' && error === undefined);
  const isThere = (id: string): boolean => kms.state.keyStores.some(({ keyStoreId }) => keyStoreId === id);
  const isGone = wanted !== undefined && !isThere(wanted) && !byPersons.some(({ input }) => input['CustomKeyStoreId'] === wanted);
  const left = kms.state.keyStores.filter((store) => !keyStores.has(store.keyStoreId) && !kmsUserIn.has(store.clusterId) && mayBeKept(world, store));
  const hsmsOf = (clusterId: string) => cloudHsm.findCluster(clusterId)?.hsms ?? [];
  return [
    ...(isGone ? [`P4: not kept: key store ${wanted}`] : []),
    ...left
      .filter(({ clusterId }) => !interfered && hsmsOf(clusterId).some((hsm) => kmsUsersOf({ hsms: [hsm] }).length === 0))
      .map(({ keyStoreId, clusterId }) => `P4: not kept: the kmsuser of key store ${keyStoreId} in ${clusterId}`),
  ];
}

/** The key store that CloudFormation's last request was about. */
function lastKeyStore({ account: { cloudFormation } }: World, { id }: Stack): string | undefined {
  const requests = Object.values(cloudFormation.state.customResources.requests);
  const physicalId = requests.findLast(({ event }) => event.StackId === id)?.event.PhysicalResourceId;
  return typeof physicalId === 'string' && physicalId.startsWith('cks-') ? physicalId : undefined;
}
