import type { Scenario } from '../scenario';

export const scenario: Scenario = {
  shows: 'The password of kmsuser is rotated, and the connection fails: the rollback connects, without another login',
  steps: [
    { do: 'create', parameters: { pDeleteKeyStoreUponStackDeletion: 'true' }, ends: 'CREATE_COMPLETE', keyStore: 'CONNECTED', within: 900 },
    {
      do: 'update',
      parameters: { pKmsUserPasswordRotation: '2026-11' },
      before: ({ account }) => account.kms.failNextConnect('INTERNAL_ERROR'),
      ends: 'UPDATE_ROLLBACK_COMPLETE',
      reason: 'KMS could not complete the connection',
      keyStore: 'CONNECTED',
      logins: [true],
      within: 900,
    },
    { do: 'delete', ends: 'DELETE_COMPLETE', keyStore: 'none', within: 300 },
  ],
};
