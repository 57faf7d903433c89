import { addRelative, deleteKeyStore, reconnectKeyStore } from '../../by-hand';
import { STACK, type World } from '../../world';
import type { Lifecycle } from '../lifecycle';
import { DELETE_IT, stackIs } from './moments';

/** A cluster that was restored from a backup of the world's. */
const RELATIVE = 'cluster-restored2222';
/** The update with the longest way, whose loops others share. */
const ROTATION = 'update-rotation';
const rotation = { pKmsUserPasswordRotation: '2026-11' };

/** Updates of a stack: of each thing that can be changed, those that fail and roll back, and those that bring a key store back. */
export const updates: readonly Lifecycle[] = [
  { name: 'update-name', created: DELETE_IT, step: { do: 'update', parameters: { pKeyStoreName: 'payments' } } },
  { name: 'update-delete-option', created: DELETE_IT, step: { do: 'update', parameters: { pDeleteKeyStoreUponStackDeletion: 'false' } } },
  {
    name: 'update-cancelled',
    created: DELETE_IT,
    step: { do: 'update', parameters: { pKeyStoreName: 'payments' }, during: { when: 6, happens: cancel } },
  },
  { name: ROTATION, created: DELETE_IT, step: { do: 'update', parameters: rotation } },
  {
    name: 'update-rotation-fails',
    created: DELETE_IT,
    like: ROTATION,
    step: { do: 'update', parameters: rotation, before: ({ account: { kms } }) => kms.failNextConnect('INTERNAL_ERROR') },
    since: stackIs('UPDATE_ROLLBACK_IN_PROGRESS'),
  },
  {
    name: 'update-cancelled-under-other-names',
    created: DELETE_IT,
    like: ROTATION,
    step: { do: 'update', parameters: { ...rotation, pEnvPurpose: '2' }, during: { when: 'InspectClient', happens: cancel } },
    since: stackIs('UPDATE_ROLLBACK_IN_PROGRESS'),
  },
  {
    name: 'update-move',
    created: DELETE_IT,
    like: ROTATION,
    step: { do: 'update', parameters: { pCloudHsmClusterId: RELATIVE }, before: (world) => addRelative(world, RELATIVE) },
  },
  {
    name: 'update-move-fails',
    created: DELETE_IT,
    like: ROTATION,
    step: {
      do: 'update',
      parameters: { pCloudHsmClusterId: RELATIVE, pKeyStoreName: 'payments' },
      before: (world) => {
        addRelative(world, RELATIVE);
        world.account.kms.failNextConnect('NETWORK_ERRORS');
      },
    },
    since: stackIs('UPDATE_ROLLBACK_IN_PROGRESS'),
  },
  bringBack('failed', (world) => reconnectKeyStore(world, ({ account }) => account.kms.failNextConnect('NETWORK_ERRORS'))),
  bringBack('refused', (world) =>
    reconnectKeyStore(world, ({ account: { cloudHsm }, clusterId }) => {
      cloudHsm.putUser(clusterId, { username: 'kmsuser', role: 'crypto-user', password: 'somebody-elses-1' });
    }),
  ),
  bringBack('gone', deleteKeyStore),
];

/** Cancels an update, unless a fault has begun its rollback already. */
function cancel({ account: { cloudFormation } }: World): void {
  if (cloudFormation.stack(STACK).status === 'UPDATE_IN_PROGRESS') cloudFormation.cancelUpdateStack(STACK);
}

/** An update of a stack whose key store is as a person left it. */
function bringBack(state: string, before: (world: World) => void | Promise<void>): Lifecycle {
  const step: Lifecycle['step'] = { do: 'update', parameters: { pKeyStoreName: 'payments' }, before };
  return { name: `update-${state}`, created: DELETE_IT, brokenBefore: true, like: ROTATION, step };
}
