import { unmetPrerequisite } from '../unmet-prerequisite';

export const scenario = unmetPrerequisite({
  shows: 'The cluster has a certificate, but its admin no password: it must be activated first',
  before: ({ account, clusterId }) => {
    account.cloudHsm.setClusterState(clusterId, 'INITIALIZED');
  },
  findings: ['The cluster is not activated'],
});
