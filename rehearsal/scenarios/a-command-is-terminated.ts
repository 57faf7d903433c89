import { unmetPrerequisite } from '../unmet-prerequisite';

export const scenario = unmetPrerequisite({
  shows: 'Run Command terminated the command',
  before: ({ account, instanceId }) => {
    account.ssm.failNextCommand(instanceId, 'Terminated');
  },
  findings: ['The command was cancelled'],
  within: 150,
});
