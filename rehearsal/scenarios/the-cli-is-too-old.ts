import { unmetPrerequisite } from '../unmet-prerequisite';

export const scenario = unmetPrerequisite({
  shows: 'The CloudHSM CLI is older than the type of the HSMs',
  before: ({ account, clusterId, instanceId }) => {
    account.cloudHsm.cluster(clusterId).hsmType = 'hsm2m.medium';
    account.ssm.changeClient(instanceId, { cliVersion: '5.8.0' });
  },
  findings: ['The CLI is too old', 'The CLI cannot ask the cluster'],
  within: 150,
});
