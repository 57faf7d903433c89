import { exampleCertificates } from '../../../simulator/cloudhsm/example-certificates';
import { addKeyStoreOfOthers, addRelative, deleteKeyStore, disconnectKeyStore, reconnectKeyStore } from '../../by-hand';
import { STACK, type World } from '../../world';
import type { Lifecycle } from '../lifecycle';
import { DELETE_IT, stackIs } from './moments';

/** A cluster that was restored from a backup of the world's. */
const RELATIVE = 'cluster-restored2222';
/** What is there for an update to name. */
const CLIENT = 'i-0a1b2c3d4e5f60718';
const ADMIN = 'hsm/new-admin-password';
const CA = 'hsm/new-customer-ca';
/** The update with the longest way, whose loops others share. */
const ROTATION = 'update-rotation';
const rotation = { pKmsUserPasswordRotation: '2026-11' };

/** Updates of a stack: of each thing that can be changed, those that fail and roll back, and those that bring a key store back. */
export const updates: readonly Lifecycle[] = [
  { name: 'update-name', created: DELETE_IT, step: { do: 'update', parameters: { pKeyStoreName: 'payments' } }, ends: 'UPDATE_COMPLETE' },
  { name: 'update-delete-option', created: DELETE_IT, step: { do: 'update', parameters: { pDeleteKeyStoreUponStackDeletion: 'false' } }, ends: 'UPDATE_COMPLETE' },
  {
    name: 'update-cancelled',
    created: DELETE_IT,
    step: { do: 'update', parameters: { pKeyStoreName: 'payments' }, during: { when: 6, happens: cancel } },
    ends: 'UPDATE_ROLLBACK_COMPLETE',
  },
  { name: ROTATION, created: DELETE_IT, step: { do: 'update', parameters: rotation }, ends: 'UPDATE_COMPLETE' },
  {
    name: 'update-rotation-fails',
    created: DELETE_IT,
    like: ROTATION,
    step: { do: 'update', parameters: rotation, before: ({ account: { kms } }) => kms.failNextConnect('INTERNAL_ERROR') },
    ends: 'UPDATE_ROLLBACK_COMPLETE',
    since: stackIs('UPDATE_ROLLBACK_IN_PROGRESS'),
  },
  {
    name: 'update-cancelled-under-other-names',
    created: DELETE_IT,
    like: ROTATION,
    step: { do: 'update', parameters: { ...rotation, pEnvPurpose: '2' }, during: { when: 'InspectClient', happens: cancel } },
    ends: 'UPDATE_ROLLBACK_COMPLETE',
    since: stackIs('UPDATE_ROLLBACK_IN_PROGRESS'),
  },
  {
    name: 'update-move',
    created: DELETE_IT,
    like: ROTATION,
    step: { do: 'update', parameters: { pCloudHsmClusterId: RELATIVE }, before: (world) => addRelative(world, RELATIVE) },
    ends: 'UPDATE_COMPLETE',
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
    ends: 'UPDATE_ROLLBACK_COMPLETE',
    since: stackIs('UPDATE_ROLLBACK_IN_PROGRESS'),
  },
  bringBack('failed', (world) => reconnectKeyStore(world, ({ account }) => account.kms.failNextConnect('NETWORK_ERRORS'))),
  bringBack('refused', (world) =>
    reconnectKeyStore(world, ({ account: { cloudHsm }, clusterId }) => {
      cloudHsm.putUser(clusterId, { username: 'kmsuser', role: 'crypto-user', password: 'somebody-elses-1' });
    }),
  ),
  bringBack('locked', (world) =>
    reconnectKeyStore(world, ({ account: { cloudHsm }, clusterId }) => {
      cloudHsm.putUser(clusterId, { username: 'kmsuser', role: 'crypto-user', password: 'any', refusedLogins: 5 });
    }),
  ),
  bringBack('without-kmsuser', (world) =>
    reconnectKeyStore(world, ({ account: { cloudHsm }, clusterId }) => {
      const [hsm] = cloudHsm.cluster(clusterId).hsms;
      if (hsm) hsm.users = hsm.users.filter(({ username }) => username !== 'kmsuser');
    }),
  ),
  bringBack('gone', deleteKeyStore),
  bringBack(
    'disconnected',
    async (world) => {
      await disconnectKeyStore(world);
    },
    rotation,
  ),
  {
    ...bringBack('failed-again', async (world) => {
      const { kms } = world.account;
      await reconnectKeyStore(world, () => kms.failNextConnect('NETWORK_ERRORS'));
      kms.failNextConnect('INTERNAL_ERROR');
    }),
    ends: 'UPDATE_ROLLBACK_COMPLETE',
    since: stackIs('UPDATE_ROLLBACK_IN_PROGRESS'),
  },
  {
    name: 'update-client-and-secrets',
    created: DELETE_IT,
    like: ROTATION,
    step: {
      do: 'update',
      parameters: { pClientInstanceId: CLIENT, pCloudHsmAdminPasswordSecretName: ADMIN, pCloudHsmCustCaCertSecretName: CA },
      before: ({ account, adminPassword, clusterId }) => {
        account.ssm.addInstance({ instanceId: CLIENT, clusterId });
        account.secrets.put(ADMIN, { SecretString: adminPassword });
        account.secrets.put(CA, { SecretString: exampleCertificates.trustAnchor });
      },
    },
    ends: 'UPDATE_COMPLETE',
  },
  refused('name-in-use', { pKeyStoreName: 'payments' }, async (world) => {
    await addKeyStoreOfOthers(world, 'payments');
  }),
  refused('other-ca', { pCloudHsmCustCaCertSecretName: CA }, ({ account }) => {
    account.secrets.put(CA, { SecretString: exampleCertificates.otherTrustAnchor });
  }),
  refused('unrelated', { pCloudHsmClusterId: RELATIVE }, ({ account, adminPassword, clusterId, instanceId }) => {
    const { region } = account.aws;
    account.cloudHsm.addCluster({ clusterId: RELATIVE, zones: [`${region}a`, `${region}b`], adminPassword });
    account.ssm.changeClient(instanceId, { clusters: [clusterId, RELATIVE] });
  }),
];

/** An update to what KMS, or the check before it, refuses. */
function refused(what: string, parameters: Record<string, string>, before: Before): Lifecycle {
  return { name: `update-${what}`, created: DELETE_IT, like: ROTATION, step: { do: 'update', parameters, before }, ends: 'UPDATE_ROLLBACK_COMPLETE' };
}


type Before = NonNullable<Lifecycle['step']['before']>;

/** Cancels an update, unless a fault has begun its rollback already. */
function cancel({ account: { cloudFormation } }: World): void {
  if (cloudFormation.stack(STACK).status === 'UPDATE_IN_PROGRESS') cloudFormation.cancelUpdateStack(STACK);
}

/** An update of a stack whose key store is as a person left it. */
function bringBack(state: string, before: Before, parameters: Record<string, string> = { pKeyStoreName: 'payments' }): Lifecycle {
  const step: Lifecycle['step'] = { do: 'update', parameters, before };
  return { name: `update-${state}`, created: DELETE_IT, brokenBefore: true, like: ROTATION, step, ends: 'UPDATE_COMPLETE' };
}
