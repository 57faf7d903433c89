import { unmetPrerequisite } from '../unmet-prerequisite';

export const scenario = unmetPrerequisite({
  shows: 'Somebody cancelled the command',
  before: ({ account, instanceId }) => {
    account.ssm.failNextCommand(instanceId, 'Cancelled');
  },
  findings: ['The command was cancelled'],
  within: 150,
});
