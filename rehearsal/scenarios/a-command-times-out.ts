import { unmetPrerequisite } from '../unmet-prerequisite';

export const scenario = unmetPrerequisite({
  shows: 'The command ran longer than its document allows',
  before: ({ account, instanceId }) => {
    account.ssm.failNextCommand(instanceId, 'Execution Timed Out');
  },
  findings: ['The command did not end in time'],
  within: 150,
});
