import { unmetPrerequisite } from '../unmet-prerequisite';

export const scenario = unmetPrerequisite({
  shows: 'A subnet of the cluster was deleted: KMS would fail to connect',
  before: ({ account, clusterId }) => {
    const [subnet = ''] = Object.values(account.cloudHsm.cluster(clusterId).subnetMapping);
    account.ec2.deleteSubnet(subnet);
  },
  findings: ['A subnet is gone: subnet-'],
});
