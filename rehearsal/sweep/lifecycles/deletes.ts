import { callByHand, deleteKeyStore, disconnectKeyStore, keyStoreOf } from '../../by-hand';
import type { World } from '../../world';
import type { Lifecycle } from '../lifecycle';
import { DELETE_IT, disconnectNow, waitingFor } from './moments';

/** Deletes of a stack, from each state of its key store. */
export const deletes: readonly Lifecycle[] = [
  { name: 'delete', created: DELETE_IT, step: { do: 'delete' }, ends: 'DELETE_COMPLETE' },
  { name: 'delete-kept', created: {}, step: { do: 'delete' }, ends: 'DELETE_COMPLETE' },
  {
    name: 'delete-never-disconnected',
    created: DELETE_IT,
    like: 'delete',
    step: {
      do: 'delete',
      before: ({ account: { kms } }) => {
        kms.disconnectMillis = 15 * 60_000;
      },
    },
    ends: 'DELETE_FAILED',
    since: waitingFor('DISCONNECTING', 9),
  },
  deleteFrom('disconnected', async (world) => {
    await disconnectKeyStore(world);
  }),
  deleteFrom('disconnecting', (world) => world.account.aws.clock.runUntilSettled(disconnectNow(world))),
  deleteFrom('connecting', connectAgain),
  deleteFrom('failed', async (world) => {
    const { aws, kms } = world.account;
    kms.failNextConnect('NETWORK_ERRORS');
    await connectAgain(world);
    await aws.clock.runTo(aws.clock.now + 20 * 60_000);
  }),
  deleteFrom('gone', deleteKeyStore),
  deleteFrom('with-keys', (world) => {
    world.account.kms.addKey(keyStoreOf(world)?.keyStoreId ?? '');
  }),
];

/** A delete of a stack whose key store is as a person left it. */
function deleteFrom(state: string, before: (world: World) => void | Promise<void>): Lifecycle {
  return { name: `delete-${state}`, created: DELETE_IT, like: 'delete', step: { do: 'delete', before }, ends: 'DELETE_COMPLETE' };
}

async function connectAgain(world: World): Promise<void> {
  await callByHand(world, 'kms', 'ConnectCustomKeyStore', { CustomKeyStoreId: await disconnectKeyStore(world) });
}
