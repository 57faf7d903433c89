import { unmetPrerequisite } from '../unmet-prerequisite';

export const scenario = unmetPrerequisite({
  shows: 'The cluster is being changed: a key store must wait',
  before: ({ account, clusterId }) => {
    account.cloudHsm.setClusterState(clusterId, 'UPDATE_IN_PROGRESS');
  },
  findings: ['The cluster is not ACTIVE'],
});
