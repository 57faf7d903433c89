import { unmetPrerequisite } from '../unmet-prerequisite';

export const scenario = unmetPrerequisite({
  shows: 'An HSM beside two active ones is degraded: it is named',
  before: ({ account, clusterId }) => {
    account.cloudHsm.addHsm(clusterId, `${account.aws.region}a`, { state: 'DEGRADED' });
  },
  findings: ['An HSM is degraded: hsm-'],
});
