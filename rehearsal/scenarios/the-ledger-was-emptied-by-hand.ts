import type { Scenario } from '../scenario';

export const scenario: Scenario = {
  shows: 'Somebody emptied the ledger: the stack takes nothing for its own that it cannot show to be',
  steps: [
    { do: 'create', parameters: { pDeleteKeyStoreUponStackDeletion: 'true' }, ends: 'CREATE_COMPLETE', keyStore: 'CONNECTED', within: 900 },
    {
      do: 'update',
      parameters: { pKeyStoreName: 'payments' },
      before: ({ account }) => {
        for (const { name } of Object.values(account.secrets.state.secrets)) if (name.includes('Ledger')) account.secrets.put(name, { SecretString: '{}' });
      },
      ends: 'UPDATE_ROLLBACK_FAILED',
      reason: 'The key store is not of this stack',
      keyStore: 'CONNECTED',
      within: 120,
    },
    { do: 'delete', ends: 'DELETE_COMPLETE', keyStore: 'CONNECTED', within: 300 },
  ],
  leaves: [/^key store cks-/, 'user kmsuser in the cluster'],
};
