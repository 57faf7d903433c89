import type { Scenario } from '../scenario';

export const scenario: Scenario = {
  shows: 'The CLI is configured for two clusters, and the admin is called otherwise: every command names the cluster',
  steps: [
    {
      do: 'create',
      parameters: { pDeleteKeyStoreUponStackDeletion: 'true' },
      before: ({ account, clusterId, instanceId }) => {
        const { region } = account.aws;
        const other = account.cloudHsm.addCluster({ zones: [`${region}a`, `${region}b`], adminPassword: 'another-password-1' });
        account.ssm.changeClient(instanceId, { clusters: [other, clusterId] });
        account.cloudHsm.putUser(clusterId, { username: 'crypto_officer', role: 'admin', password: 'a-Password-2' });
        account.secrets.put('hsm/admin-password', { SecretString: JSON.stringify({ username: 'Crypto_Officer', password: 'a-Password-2' }) });
      },
      ends: 'CREATE_COMPLETE',
      keyStore: 'CONNECTED',
      within: 900,
    },
    { do: 'delete', ends: 'DELETE_COMPLETE', keyStore: 'none', within: 300 },
  ],
};
