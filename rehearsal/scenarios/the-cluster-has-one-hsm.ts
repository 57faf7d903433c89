import { unmetPrerequisite } from '../unmet-prerequisite';

export const scenario = unmetPrerequisite({
  shows: 'One HSM is too few for a key store, and its Availability Zone too',
  before: ({ account, clusterId }) => {
    const [first] = account.cloudHsm.cluster(clusterId).hsms;
    if (first) account.cloudHsm.setHsmState(clusterId, first.hsmId, 'DELETED');
  },
  findings: ['The cluster has too few HSMs: 1 ACTIVE in 1'],
});
