import { unmetPrerequisite } from '../unmet-prerequisite';

export const scenario = unmetPrerequisite({
  shows: 'The subnets of the cluster are in one Availability Zone: a key store needs two',
  before: ({ account, clusterId }) => {
    delete account.cloudHsm.cluster(clusterId).subnetMapping[`${account.aws.region}b`];
  },
  findings: ['The cluster has too few subnets'],
});
