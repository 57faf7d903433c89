import { unmetPrerequisite } from '../unmet-prerequisite';

export const scenario = unmetPrerequisite({
  shows: 'The security group of the cluster does not exist',
  before: ({ account }) => {
    account.ec2.state.securityGroups = [];
  },
  findings: ['The security group is gone: sg-'],
});
