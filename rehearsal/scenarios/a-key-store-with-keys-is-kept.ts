import type { Scenario } from '../scenario';

export const scenario: Scenario = {
  shows: 'A key store that holds a KMS key is disconnected and kept, although its deletion was asked for',
  steps: [
    { do: 'create', parameters: { pDeleteKeyStoreUponStackDeletion: 'true' }, ends: 'CREATE_COMPLETE', keyStore: 'CONNECTED', within: 900 },
    {
      do: 'delete',
      before: ({ account: { kms } }) => {
        for (const { keyStoreId } of kms.state.keyStores) kms.addKey(keyStoreId);
      },
      ends: 'DELETE_COMPLETE',
      keyStore: 'DISCONNECTED',
      within: 300,
    },
  ],
  leaves: [/^key store cks-\w+ \(DISCONNECTED\)$/, 'user kmsuser in the cluster'],
};
