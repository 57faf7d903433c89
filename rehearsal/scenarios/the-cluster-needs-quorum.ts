import { unmetPrerequisite } from '../unmet-prerequisite';

export const scenario = unmetPrerequisite({
  shows: 'Two admins must approve a change of users, which no automation can',
  before: ({ account, clusterId }) => {
    account.cloudHsm.cluster(clusterId).quorum = 2;
  },
  findings: ['The cluster needs quorum approval: 2'],
  within: 150,
});
