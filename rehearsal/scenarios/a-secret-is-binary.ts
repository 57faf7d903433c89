import { unmetPrerequisite } from '../unmet-prerequisite';

export const scenario = unmetPrerequisite({
  shows: 'A secret is binary, and cannot be used',
  before: ({ account, adminPassword }) => {
    account.secrets.put('hsm/admin-password', { SecretBinary: Buffer.from(adminPassword).toString('base64') });
  },
  findings: ['A secret is binary: hsm/admin-password'],
});
