import { unmetPrerequisite } from '../unmet-prerequisite';

export const scenario = unmetPrerequisite({
  shows: 'An HSM joins the cluster: a user that is made meanwhile would be missing there',
  before: ({ account, clusterId }) => {
    account.cloudHsm.addHsm(clusterId, `${account.aws.region}a`, { state: 'CREATE_IN_PROGRESS' });
  },
  findings: ['An HSM is changing: hsm-'],
});
