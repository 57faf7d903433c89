import { commandIs } from '../by-hand';
import type { Scenario } from '../scenario';

export const scenario: Scenario = {
  shows: 'An HSM joins while kmsuser is made, and does not answer the client: neither the create nor its rollback counts as done before the client reaches it',
  steps: [
    {
      do: 'create',
      during: {
        when: commandIs('create', 'Success'),
        happens: (world) => {
          world.account.cloudHsm.addHsm(world.clusterId, `${world.account.aws.region}a`, { knownToClient: false });
        },
      },
      ends: 'ROLLBACK_FAILED',
      reason: 'kmsuser is not on every HSM',
      keyStore: 'none',
      within: 300,
    },
    {
      do: 'delete',
      before: ({ account, clusterId }) => {
        for (const hsm of account.cloudHsm.cluster(clusterId).hsms) hsm.knownToClient = true;
      },
      ends: 'DELETE_COMPLETE',
      keyStore: 'none',
      within: 120,
    },
  ],
};
