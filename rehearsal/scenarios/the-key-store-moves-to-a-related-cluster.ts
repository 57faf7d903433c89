import { addRelative } from '../by-hand';
import type { Scenario } from '../scenario';

/** Restored from a backup from before kmsuser, and from a later one. */
const RELATIVE = 'cluster-restored2222';
const LATER = 'cluster-restored3333';

export const scenario: Scenario = {
  shows: 'The key store moves to a cluster that was restored from a backup: kmsuser is created there, and gets a known password where the backup had one',
  steps: [
    { do: 'create', parameters: { pDeleteKeyStoreUponStackDeletion: 'true' }, ends: 'CREATE_COMPLETE', keyStore: 'CONNECTED', within: 900 },
    {
      do: 'update',
      parameters: { pCloudHsmClusterId: RELATIVE },
      before: (world) => addRelative(world, RELATIVE),
      ends: 'UPDATE_COMPLETE',
      keyStore: 'CONNECTED',
      logins: [true],
      within: 900,
    },
    {
      do: 'update',
      parameters: { pCloudHsmClusterId: LATER },
      before: (world) => {
        const { account, clusterId, instanceId } = world;
        addRelative(world, LATER);
        account.cloudHsm.putUser(LATER, { username: 'kmsuser', role: 'crypto-user', password: 'as-it-was-in-the-backup' });
        account.ssm.changeClient(instanceId, { clusters: [clusterId, RELATIVE, LATER] });
      },
      ends: 'UPDATE_COMPLETE',
      keyStore: 'CONNECTED',
      logins: [true],
      within: 900,
    },
    { do: 'delete', ends: 'DELETE_COMPLETE', keyStore: 'none', logins: [true], within: 300 },
  ],
  // That of the first cluster owns the keys there.
  leaves: ['user kmsuser in the cluster'],
};
