import { unmetPrerequisite } from '../unmet-prerequisite';

export const scenario = unmetPrerequisite({
  shows: 'The CLI of the client instance reaches two of three HSMs: kmsuser would be missing on the third',
  before: ({ account, clusterId }) => {
    account.cloudHsm.addHsm(clusterId, `${account.aws.region}a`, { knownToClient: false });
  },
  findings: ['An HSM does not answer'],
  within: 150,
});
