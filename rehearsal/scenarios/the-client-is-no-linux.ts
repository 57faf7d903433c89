import { unmetPrerequisite } from '../unmet-prerequisite';

export const scenario = unmetPrerequisite({
  shows: 'The client instance runs Windows',
  before: ({ account }) => {
    for (const instance of account.ssm.state.instances) instance.platform = 'Windows';
  },
  findings: ['The client is not Linux'],
});
