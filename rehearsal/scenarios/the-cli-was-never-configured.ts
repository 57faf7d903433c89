import { unmetPrerequisite } from '../unmet-prerequisite';

export const scenario = unmetPrerequisite({
  shows: 'The CLI was installed and never configured',
  before: ({ account, instanceId }) => {
    account.ssm.changeClient(instanceId, { clusters: [] });
  },
  findings: ['The CLI is not configured', 'The CLI cannot ask the cluster'],
  within: 150,
});
