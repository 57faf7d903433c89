import { unmetPrerequisite } from '../unmet-prerequisite';

export const scenario = unmetPrerequisite({
  shows: 'The admin is locked out: one more login would change nothing',
  before: ({ account, clusterId, adminPassword }) => {
    account.cloudHsm.putUser(clusterId, { username: 'admin', role: 'admin', password: adminPassword, refusedLogins: 5 });
  },
  findings: ['The admin is locked'],
  within: 150,
});
