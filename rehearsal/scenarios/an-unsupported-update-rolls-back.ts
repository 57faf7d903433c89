import type { Scenario } from '../scenario';

export const scenario: Scenario = {
  shows: 'An update that is not supported yet says so and rolls back, and the rename in the same update with it',
  steps: [
    { do: 'create', ends: 'CREATE_COMPLETE', keyStore: 'CONNECTED', within: 900 },
    {
      do: 'update',
      parameters: { pKeyStoreName: 'payments', pCloudHsmClusterId: 'cluster-anotherone22' },
      ends: 'UPDATE_ROLLBACK_COMPLETE',
      reason: 'This update is not supported yet: pCloudHsmClusterId. Nothing was changed',
      keyStore: 'CONNECTED',
      changesNothing: true,
      within: 60,
    },
    { do: 'delete', ends: 'DELETE_COMPLETE', keyStore: 'DISCONNECTED', within: 300 },
  ],
  leaves: [/^key store cks-\w+ \(DISCONNECTED\)$/, 'user kmsuser in the cluster'],
};
