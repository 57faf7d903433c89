import { unmetPrerequisite } from '../unmet-prerequisite';

export const scenario = unmetPrerequisite({
  shows: 'The document is for another platform than the instance has',
  before: ({ account, instanceId }) => {
    account.ssm.failNextCommand(instanceId, 'Invalid Platform');
  },
  findings: ['The client is not Linux'],
  within: 150,
});
