import { unmetPrerequisite } from '../unmet-prerequisite';

export const scenario = unmetPrerequisite({
  shows: 'Systems Manager could not deliver the command that looks at the client',
  before: ({ account, instanceId }) => {
    account.ssm.failNextCommand(instanceId, 'Undeliverable');
  },
  findings: ['The command was not taken'],
  within: 150,
});
