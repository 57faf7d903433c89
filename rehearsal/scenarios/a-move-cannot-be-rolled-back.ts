import { addRelative } from '../by-hand';
import type { Scenario } from '../scenario';

const RELATIVE = 'cluster-restored2222';

export const scenario: Scenario = {
  shows: 'The key store moves to a related cluster and cannot be connected there, and the CLI no longer knows the old one: the rollback says so; with both configured, the stack can be deleted',
  steps: [
    { do: 'create', parameters: { pDeleteKeyStoreUponStackDeletion: 'true' }, ends: 'CREATE_COMPLETE', keyStore: 'CONNECTED', within: 900 },
    {
      do: 'update',
      parameters: { pCloudHsmClusterId: RELATIVE },
      before: (world) => {
        addRelative(world, RELATIVE);
        world.account.ssm.changeClient(world.instanceId, { clusters: [RELATIVE] });
        world.account.kms.failNextConnect('NETWORK_ERRORS');
      },
      ends: 'UPDATE_ROLLBACK_FAILED',
      reason: 'KMS could not reach the cluster',
      keyStore: 'FAILED',
      within: 900,
    },
    {
      do: 'delete',
      before: ({ account, clusterId, instanceId }) => account.ssm.changeClient(instanceId, { clusters: [clusterId, RELATIVE] }),
      ends: 'DELETE_COMPLETE',
      keyStore: 'none',
      within: 300,
    },
  ],
};
