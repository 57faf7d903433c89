import { addRelative } from '../by-hand';
import type { Scenario } from '../scenario';

const RELATIVE = 'cluster-restored2222';

export const scenario: Scenario = {
  shows: 'The key store moves to a related cluster, and cannot be connected there: the rollback connects it with the old one, whose kmsuser gets a known password',
  steps: [
    { do: 'create', parameters: { pDeleteKeyStoreUponStackDeletion: 'true' }, ends: 'CREATE_COMPLETE', keyStore: 'CONNECTED', within: 900 },
    {
      do: 'update',
      parameters: { pCloudHsmClusterId: RELATIVE, pKeyStoreName: 'payments' },
      before: (world) => {
        addRelative(world, RELATIVE);
        world.account.kms.failNextConnect('NETWORK_ERRORS');
      },
      ends: 'UPDATE_ROLLBACK_COMPLETE',
      reason: 'KMS could not reach the cluster',
      keyStore: 'CONNECTED',
      logins: [true, true],
      within: 900,
    },
    { do: 'delete', ends: 'DELETE_COMPLETE', keyStore: 'none', within: 300 },
  ],
};
