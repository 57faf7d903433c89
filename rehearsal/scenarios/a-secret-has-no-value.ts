import { unmetPrerequisite } from '../unmet-prerequisite';

export const scenario = unmetPrerequisite({
  shows: 'A secret is there, and was never given a value',
  before: ({ account }) => {
    account.secrets.create('hsm/no-value');
  },
  findings: ['A secret is missing: hsm/no-value'],
  parameters: { pCloudHsmAdminPasswordSecretName: 'hsm/no-value' },
  leaves: ['secret hsm/no-value'],
});
