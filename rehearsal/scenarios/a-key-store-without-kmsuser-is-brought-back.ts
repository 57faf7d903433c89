import { reconnectKeyStore } from '../by-hand';
import type { Scenario } from '../scenario';

export const scenario: Scenario = {
  shows: 'Somebody deleted kmsuser on one HSM, and the key store FAILED: any update completes kmsuser and brings the store back',
  steps: [
    { do: 'create', parameters: { pDeleteKeyStoreUponStackDeletion: 'true' }, ends: 'CREATE_COMPLETE', keyStore: 'CONNECTED', within: 900 },
    {
      do: 'update',
      parameters: { pKeyStoreName: 'payments' },
      before: (world) => reconnectKeyStore(world, ({ account, clusterId }) => {
            const [hsm] = account.cloudHsm.cluster(clusterId).hsms;
            if (hsm) hsm.users = hsm.users.filter(({ username }) => username !== 'kmsuser');
          }),
      ends: 'UPDATE_COMPLETE',
      keyStore: 'CONNECTED',
      logins: [true, true],
      within: 900,
    },
    { do: 'delete', ends: 'DELETE_COMPLETE', keyStore: 'none', within: 300 },
  ],
};
