import { unmetPrerequisite } from '../unmet-prerequisite';

export const scenario = unmetPrerequisite({
  shows: 'The cluster enforces mTLS, and the client has no certificate of its own: no HSM answers it, nor would one answer KMS',
  before: ({ account, clusterId }) => {
    // hsm1.medium has no mTLS.
    account.cloudHsm.cluster(clusterId).hsmType = 'hsm2m.medium';
    account.cloudHsm.setMtlsEnforcement(clusterId, 'cluster');
  },
  findings: ['The CLI cannot ask the cluster'],
  within: 150,
});
