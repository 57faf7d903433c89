import type { Scenario } from '../scenario';

export const scenario: Scenario = {
  shows: 'One Availability Zone and a kmsuser of somebody else: both are told at once, and nothing is changed',
  steps: [
    {
      do: 'create',
      before: ({ account: { cloudHsm }, clusterId }) => {
        const [first] = cloudHsm.cluster(clusterId).hsms;
        if (first) cloudHsm.setHsmState(clusterId, first.hsmId, 'DEGRADED');
        cloudHsm.putUser(clusterId, { username: 'kmsuser', role: 'crypto-user', password: 'somebody-elses-1' });
      },
      ends: 'ROLLBACK_COMPLETE',
      reason: 'Nothing was changed. (1) The cluster has too few HSMs: 1 ACTIVE in 1',
      keyStore: 'none',
      changesNothing: true,
      within: 60,
    },
    { do: 'delete', ends: 'DELETE_COMPLETE', keyStore: 'none', within: 60 },
  ],
  leaves: ['user kmsuser in the cluster'],
};
