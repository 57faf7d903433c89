import { unmetPrerequisite } from '../unmet-prerequisite';

export const scenario = unmetPrerequisite({
  shows: 'The client instance is stopped, and a subnet is full: both are told, and nobody waits for the client',
  before: async ({ account, clusterId, instanceId }) => {
    const [subnet = ''] = Object.values(account.cloudHsm.cluster(clusterId).subnetMapping);
    account.ec2.setFreeAddresses(subnet, 0);
    await account.ssm.stop(instanceId);
  },
  findings: ['A subnet is full', 'The client is not managed'],
});
