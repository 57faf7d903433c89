import type { Scenario } from '../scenario';

export const scenario: Scenario = {
  shows: 'KMS answers a rename with what no document says that it may: it has its words',
  steps: [
    { do: 'create', parameters: { pDeleteKeyStoreUponStackDeletion: 'true' }, ends: 'CREATE_COMPLETE', keyStore: 'CONNECTED', within: 900 },
    {
      do: 'update',
      parameters: { pKeyStoreName: 'payments' },
      before: ({ account }) => {
        account.aws.failCalls({ service: 'kms', operation: 'UpdateCustomKeyStore', code: 'CloudHsmClusterNotRelatedException' });
      },
      ends: 'UPDATE_ROLLBACK_COMPLETE',
      reason: 'KMS found the clusters unrelated',
      keyStore: 'CONNECTED',
      within: 120,
    },
    { do: 'delete', ends: 'DELETE_COMPLETE', keyStore: 'none', within: 300 },
  ],
};
