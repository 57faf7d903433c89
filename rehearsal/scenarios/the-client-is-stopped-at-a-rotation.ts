import type { Scenario } from '../scenario';

export const scenario: Scenario = {
  shows: 'The client instance is stopped when the password of kmsuser is to be rotated: that is told, and the key store stays connected',
  steps: [
    { do: 'create', parameters: { pDeleteKeyStoreUponStackDeletion: 'true' }, ends: 'CREATE_COMPLETE', keyStore: 'CONNECTED', within: 900 },
    {
      do: 'update',
      parameters: { pKmsUserPasswordRotation: '2026-11' },
      before: ({ account: { ssm }, instanceId }) => ssm.stop(instanceId),
      ends: 'UPDATE_ROLLBACK_COMPLETE',
      findings: ['The client is not managed'],
      reason: 'Nothing was changed. (1) ',
      changesNothing: true,
      keyStore: 'CONNECTED',
      within: 60,
    },
    {
      do: 'update',
      parameters: { pKmsUserPasswordRotation: '2026-11' },
      before: ({ account: { ssm }, instanceId }) => ssm.setOnline(instanceId, true),
      ends: 'UPDATE_COMPLETE',
      keyStore: 'CONNECTED',
      logins: [true],
      within: 900,
    },
    { do: 'delete', ends: 'DELETE_COMPLETE', keyStore: 'none', within: 300 },
  ],
};
