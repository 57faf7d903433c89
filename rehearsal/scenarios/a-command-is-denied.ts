import { unmetPrerequisite } from '../unmet-prerequisite';

export const scenario = unmetPrerequisite({
  shows: 'The role may not send commands to the instance',
  before: ({ account, instanceId }) => {
    account.ssm.failNextCommand(instanceId, 'Access Denied');
  },
  findings: ['The command was denied'],
  within: 150,
});
