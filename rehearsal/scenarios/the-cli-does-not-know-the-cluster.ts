import { unmetPrerequisite } from '../unmet-prerequisite';

export const scenario = unmetPrerequisite({
  shows: 'The CLI is configured for several clusters, and for this one not',
  before: ({ account, instanceId }) => {
    const { region } = account.aws;
    const zones = [`${region}a`, `${region}b`];
    const others = ['a-password-1', 'a-password-2'].map((adminPassword) => account.cloudHsm.addCluster({ zones, adminPassword }));
    account.ssm.changeClient(instanceId, { clusters: others });
  },
  findings: ['The CLI does not know the cluster'],
  within: 150,
});
