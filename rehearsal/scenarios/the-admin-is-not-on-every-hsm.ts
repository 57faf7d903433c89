import { unmetPrerequisite } from '../unmet-prerequisite';

export const scenario = unmetPrerequisite({
  shows: 'An HSM does not have the admin: kmsuser could not be made there',
  before: ({ account, clusterId }) => {
    const [first] = account.cloudHsm.cluster(clusterId).hsms;
    if (first) first.users = first.users.filter(({ username }) => username !== 'admin');
  },
  findings: ['The admin is not on every HSM'],
  within: 150,
});
