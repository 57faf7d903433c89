import { unmetPrerequisite } from '../unmet-prerequisite';

export const scenario = unmetPrerequisite({
  shows: 'The client instance has neither cloudhsm-cli nor openssl: both are told at once',
  before: ({ account, instanceId }) => {
    account.ssm.changeClient(instanceId, { cli: false, openssl: false });
  },
  findings: ['The client lacks programs'],
  within: 150,
});
