import { disconnectKeyStore } from '../by-hand';
import type { Scenario } from '../scenario';

const OTHER = 'cluster-anotherone22';

export const scenario: Scenario = {
  shows: 'The cluster is gone, and one of other backups is to take its place: KMS alone can tell, and does; with the right one the key store comes back',
  steps: [
    { do: 'create', parameters: { pDeleteKeyStoreUponStackDeletion: 'true' }, ends: 'CREATE_COMPLETE', keyStore: 'CONNECTED', within: 900 },
    {
      do: 'update',
      parameters: { pCloudHsmClusterId: OTHER },
      before: async (world) => {
        const { account, adminPassword, clusterId, instanceId } = world;
        const { region } = account.aws;
        await disconnectKeyStore(world);
        account.cloudHsm.setClusterState(clusterId, 'DELETED');
        for (const [id, lineage] of [[OTHER, OTHER], ['cluster-restored2222', clusterId]] as const) {
          account.cloudHsm.addCluster({ clusterId: id, zones: [`${region}a`, `${region}b`], adminPassword, lineage });
        }
        account.ssm.changeClient(instanceId, { clusters: [OTHER, 'cluster-restored2222'] });
      },
      ends: 'UPDATE_ROLLBACK_COMPLETE',
      reason: 'KMS found the clusters unrelated',
      keyStore: 'DISCONNECTED',
      within: 120,
    },
    { do: 'update', parameters: { pCloudHsmClusterId: 'cluster-restored2222' }, ends: 'UPDATE_COMPLETE', keyStore: 'CONNECTED', within: 900 },
    { do: 'delete', ends: 'DELETE_COMPLETE', keyStore: 'none', within: 300 },
  ],
};
