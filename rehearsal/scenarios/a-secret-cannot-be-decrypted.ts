import { unmetPrerequisite } from '../unmet-prerequisite';

export const scenario = unmetPrerequisite({
  shows: 'The KMS key of a secret is disabled: what could not be looked at is told apart from what is wrong',
  before: ({ account }) => {
    account.secrets.breakKey('hsm/admin-password');
  },
  findings: ['Not known: secret hsm/admin-password could not be looked at'],
});
