import { unmetPrerequisite } from '../unmet-prerequisite';

export const scenario = unmetPrerequisite({
  shows: 'The SSM Agent of the client instance has no connection',
  before: ({ account, instanceId }) => {
    account.ssm.setOnline(instanceId, false);
  },
  findings: ['The client is not Online'],
});
