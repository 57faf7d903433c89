import type { Scenario } from '../scenario';

export const scenario: Scenario = {
  shows: 'Somebody deleted the cluster first: the stack still deletes, and takes the key store with it',
  steps: [
    { do: 'create', parameters: { pDeleteKeyStoreUponStackDeletion: 'true' }, ends: 'CREATE_COMPLETE', keyStore: 'CONNECTED', within: 900 },
    {
      do: 'delete',
      before: ({ account: { cloudHsm }, clusterId }) => {
        cloudHsm.setClusterState(clusterId, 'DELETED');
        cloudHsm.setReachable(clusterId, false);
      },
      ends: 'DELETE_COMPLETE',
      keyStore: 'none',
      within: 300,
    },
  ],
};
