import { unmetPrerequisite } from '../unmet-prerequisite';

export const scenario = unmetPrerequisite({
  shows: 'The secret names an admin that the cluster does not have: no login is spent to find that out',
  before: ({ account, adminPassword }) => {
    account.secrets.put('hsm/admin-password', { SecretString: JSON.stringify({ username: 'crypto_officer', password: adminPassword }) });
  },
  findings: ['The admin is missing'],
  within: 150,
});
