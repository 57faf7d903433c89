import { unmetPrerequisite } from '../unmet-prerequisite';

export const scenario = unmetPrerequisite({
  shows: 'The CLI was installed and never configured',
  before: ({ account, instanceId }) => {
    account.ssm.changeClient(instanceId, { clusters: [] });
  },
  finding: 'The CLI is configured for other HSMs',
  within: 150,
});
