import { unmetPrerequisite } from '../unmet-prerequisite';

export const scenario = unmetPrerequisite({
  shows: 'No HSM answers the client instance',
  before: ({ account, clusterId }) => {
    account.cloudHsm.setReachable(clusterId, false);
  },
  findings: ['The CLI cannot ask the cluster'],
  within: 150,
});
