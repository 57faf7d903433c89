import { unmetPrerequisite } from '../unmet-prerequisite';

export const scenario = unmetPrerequisite({
  shows: 'The admin logs in with a second factor, which no automation has',
  before: ({ account, clusterId, adminPassword }) => {
    account.cloudHsm.putUser(clusterId, { username: 'admin', role: 'admin', password: adminPassword, mfa: true });
  },
  findings: ['The admin needs MFA'],
  within: 150,
});
