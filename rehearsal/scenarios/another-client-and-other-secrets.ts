import { exampleCertificates } from '../../simulator/cloudhsm/example-certificates';
import type { Scenario } from '../scenario';

/** The ids and names that come with the update. */
const CLIENT = 'i-0a1b2c3d4e5f60718';
const ADMIN = 'hsm/new-admin-password';
const CA = 'hsm/new-customer-ca';

export const scenario: Scenario = {
  shows: 'The client instance is replaced, the secrets have other names, and the key store is to go with the stack: an update without an outage, and the delete uses all of it',
  steps: [
    { do: 'create', ends: 'CREATE_COMPLETE', keyStore: 'CONNECTED', within: 900 },
    {
      do: 'update',
      parameters: {
        pClientInstanceId: CLIENT,
        pCloudHsmAdminPasswordSecretName: ADMIN,
        pCloudHsmCustCaCertSecretName: CA,
        pDeleteKeyStoreUponStackDeletion: 'true',
      },
      before: async ({ account, adminPassword, clusterId, instanceId }) => {
        account.ssm.addInstance({ instanceId: CLIENT, clusterId });
        account.secrets.put(ADMIN, { SecretString: adminPassword });
        // The same certificate, with other line ends.
        account.secrets.put(CA, { SecretString: exampleCertificates.trustAnchor.replaceAll('\n', '\r\n') });
        await account.ssm.stop(instanceId);
        account.secrets.put('hsm/admin-password', { SecretString: 'not-the-password' });
      },
      ends: 'UPDATE_COMPLETE',
      keyStore: 'CONNECTED',
      changesNothing: true,
      within: 120,
    },
    { do: 'delete', ends: 'DELETE_COMPLETE', keyStore: 'none', logins: [true], within: 300 },
  ],
  leaves: [`secret ${ADMIN}`, `secret ${CA}`],
};
