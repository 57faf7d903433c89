import type { Scenario } from '../scenario';

export const scenario: Scenario = {
  shows: 'The CLI of the client knows another cluster: nobody logs in there, and the answer says how to configure it',
  steps: [
    {
      do: 'create',
      before: ({ account: { aws, cloudHsm, ssm }, instanceId }) => {
        const other = cloudHsm.addCluster({ zones: [`${aws.region}a`, `${aws.region}b`], adminPassword: 'another-password-1' });
        ssm.configureClient(instanceId, other);
      },
      ends: 'ROLLBACK_COMPLETE',
      reason: 'Nothing was changed. (1) The CLI is configured for other HSMs',
      keyStore: 'none',
      changesNothing: true,
      within: 60,
    },
    { do: 'delete', ends: 'DELETE_COMPLETE', keyStore: 'none', within: 60 },
  ],
};
