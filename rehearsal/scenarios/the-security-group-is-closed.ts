import { unmetPrerequisite } from '../unmet-prerequisite';

export const scenario = unmetPrerequisite({
  shows: 'Somebody took a rule of the security group away: it is named with its direction',
  before: ({ account, clusterId }) => {
    account.ec2.revokeRules(account.cloudHsm.cluster(clusterId).securityGroup, 'outbound');
  },
  findings: ['The security group is closed: sg-'],
});
