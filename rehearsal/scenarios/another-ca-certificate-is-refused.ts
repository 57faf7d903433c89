import { exampleCertificates } from '../../simulator/cloudhsm/example-certificates';
import type { Scenario } from '../scenario';

const CA = 'hsm/new-customer-ca';

export const scenario: Scenario = {
  shows: 'KMS cannot change the trust anchor of a key store: an update with another certificate is refused before anything is changed',
  steps: [
    { do: 'create', parameters: { pDeleteKeyStoreUponStackDeletion: 'true' }, ends: 'CREATE_COMPLETE', keyStore: 'CONNECTED', within: 900 },
    {
      do: 'update',
      parameters: { pCloudHsmCustCaCertSecretName: CA, pKeyStoreName: 'payments' },
      before: ({ account }) => {
        account.secrets.put(CA, { SecretString: exampleCertificates.otherTrustAnchor });
      },
      ends: 'UPDATE_ROLLBACK_COMPLETE',
      reason: 'The trust anchor cannot be changed',
      keyStore: 'CONNECTED',
      changesNothing: true,
      within: 120,
    },
    { do: 'delete', ends: 'DELETE_COMPLETE', keyStore: 'none', within: 300 },
  ],
  leaves: [`secret ${CA}`],
};
