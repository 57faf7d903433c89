import type { Scenario } from '../scenario';

export const scenario: Scenario = {
  shows: 'KMS stays DISCONNECTING: the delete gives up after ten minutes, and the next one ends it',
  steps: [
    { do: 'create', parameters: { pDeleteKeyStoreUponStackDeletion: 'true' }, ends: 'CREATE_COMPLETE', keyStore: 'CONNECTED', within: 900 },
    {
      do: 'delete',
      before: ({ account }) => {
        account.kms.disconnectMillis = 15 * 60_000;
      },
      ends: 'DELETE_FAILED',
      reason: 'The key store did not become DISCONNECTED: cks-',
      keyStore: 'DISCONNECTING',
      within: 15 * 60,
    },
    { do: 'delete', ends: 'DELETE_COMPLETE', keyStore: 'none', within: 20 * 60 },
  ],
};
