import { unmetPrerequisite } from '../unmet-prerequisite';

export const scenario = unmetPrerequisite({
  shows: 'The agent did not take the command in time',
  before: ({ account, instanceId }) => {
    account.ssm.failNextCommand(instanceId, 'Delivery Timed Out');
  },
  findings: ['The command was not taken'],
  within: 150,
});
