import { unmetPrerequisite } from '../unmet-prerequisite';

export const scenario = unmetPrerequisite({
  shows: 'The secret of the admin password has what no HSM takes',
  before: ({ account }) => {
    account.secrets.put('hsm/admin-password', { SecretString: 'short\n' });
  },
  findings: ['The admin password cannot be used: secret hsm/admin-password'],
});
