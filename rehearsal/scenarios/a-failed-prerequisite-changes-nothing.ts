import { unmetPrerequisite } from '../unmet-prerequisite';

export const scenario = unmetPrerequisite({
  shows: 'One HSM is degraded, and somebody else has made a kmsuser: all that follows is told at once, and nothing is changed',
  before: ({ account: { cloudHsm }, clusterId }) => {
    const [first] = cloudHsm.cluster(clusterId).hsms;
    if (first) cloudHsm.setHsmState(clusterId, first.hsmId, 'DEGRADED');
    cloudHsm.putUser(clusterId, { username: 'kmsuser', role: 'crypto-user', password: 'somebody-elses-1' });
  },
  findings: ['The cluster has too few HSMs: 1 ACTIVE in 1', 'An HSM is degraded', 'kmsuser is there already'],
  leaves: ['user kmsuser in the cluster'],
});
