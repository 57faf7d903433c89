import { unmetPrerequisite } from '../unmet-prerequisite';

export const scenario = unmetPrerequisite({
  shows: 'The cluster has no certificate yet: it must be initialized first',
  before: ({ account, clusterId }) => {
    account.cloudHsm.setClusterState(clusterId, 'UNINITIALIZED');
  },
  findings: ['The cluster is not initialized'],
});
