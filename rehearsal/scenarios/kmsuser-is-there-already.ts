import { unmetPrerequisite } from '../unmet-prerequisite';

export const scenario = unmetPrerequisite({
  shows: 'The cluster has a kmsuser of somebody else: it is left alone',
  before: ({ account, clusterId }) => {
    account.cloudHsm.putUser(clusterId, { username: 'kmsuser', role: 'crypto-user', password: 'somebody-elses-1' });
  },
  findings: ['kmsuser is there already'],
  leaves: ['user kmsuser in the cluster'],
  within: 150,
});
