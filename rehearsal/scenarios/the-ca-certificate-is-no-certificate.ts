import { unmetPrerequisite } from '../unmet-prerequisite';

export const scenario = unmetPrerequisite({
  shows: 'The secret of the CA certificate holds something else',
  before: ({ account }) => {
    account.secrets.put('hsm/customer-ca', { SecretString: 'customerCA.crt' });
  },
  findings: ['The CA certificate cannot be read: secret hsm/customer-ca'],
});
