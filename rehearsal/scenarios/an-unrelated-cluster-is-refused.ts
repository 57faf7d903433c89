import type { Scenario } from '../scenario';

const OTHER = 'cluster-anotherone22';

export const scenario: Scenario = {
  shows: 'A cluster of other backups is to take the place of the key store’s: refused with the reason, before anything is disconnected',
  steps: [
    { do: 'create', parameters: { pDeleteKeyStoreUponStackDeletion: 'true' }, ends: 'CREATE_COMPLETE', keyStore: 'CONNECTED', within: 900 },
    {
      do: 'update',
      parameters: { pCloudHsmClusterId: OTHER, pKeyStoreName: 'payments' },
      before: ({ account, adminPassword, clusterId, instanceId }) => {
        const { region } = account.aws;
        account.cloudHsm.addCluster({ clusterId: OTHER, zones: [`${region}a`, `${region}b`], adminPassword });
        account.ssm.changeClient(instanceId, { clusters: [clusterId, OTHER] });
      },
      ends: 'UPDATE_ROLLBACK_COMPLETE',
      findings: ['The cluster is unrelated'],
      reason: 'Nothing was changed. (1) ',
      keyStore: 'CONNECTED',
      changesNothing: true,
      within: 90,
    },
    { do: 'delete', ends: 'DELETE_COMPLETE', keyStore: 'none', within: 300 },
  ],
};
