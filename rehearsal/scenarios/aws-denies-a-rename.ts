import type { Scenario } from '../scenario';

export const scenario: Scenario = {
  shows: 'A policy of the organization denies that key stores are renamed: the update says so, and its rollback has nothing to undo',
  steps: [
    { do: 'create', parameters: { pDeleteKeyStoreUponStackDeletion: 'true' }, ends: 'CREATE_COMPLETE', keyStore: 'CONNECTED', within: 900 },
    {
      do: 'update',
      parameters: { pKeyStoreName: 'payments' },
      before: ({ account: { aws } }) => aws.failCalls({ service: 'kms', operation: 'UpdateCustomKeyStore', code: 'AccessDeniedException', times: Infinity }),
      ends: 'UPDATE_ROLLBACK_COMPLETE',
      reason: 'AWS denied a call of the stack',
      keyStore: 'CONNECTED',
      changesNothing: true,
      within: 90,
    },
    { do: 'delete', ends: 'DELETE_COMPLETE', keyStore: 'none', within: 300 },
  ],
};
