import { unmetPrerequisite } from '../unmet-prerequisite';

export const scenario = unmetPrerequisite({
  shows: 'The CLI of the client knows another cluster: nobody logs in there, and the answer says how to configure it',
  before: ({ account: { aws, cloudHsm, ssm }, instanceId }) => {
    const other = cloudHsm.addCluster({ zones: [`${aws.region}a`, `${aws.region}b`], adminPassword: 'another-password-1' });
    ssm.changeClient(instanceId, { clusters: [other] });
  },
  findings: ['The CLI is configured for other HSMs'],
});
