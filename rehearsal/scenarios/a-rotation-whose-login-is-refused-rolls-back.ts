import { storeAdminPassword } from '../by-hand';
import type { Scenario } from '../scenario';

export const scenario: Scenario = {
  shows: 'The admin password is wrong when the password of kmsuser is to be rotated: one login is refused, and the rollback connects with the old one; stored again, it is rotated',
  steps: [
    { do: 'create', parameters: { pDeleteKeyStoreUponStackDeletion: 'true' }, ends: 'CREATE_COMPLETE', keyStore: 'CONNECTED', within: 900 },
    {
      do: 'update',
      parameters: { pKmsUserPasswordRotation: '2026-11' },
      before: ({ account }) => void account.secrets.put('hsm/admin-password', { SecretString: 'not-the-password' }),
      ends: 'UPDATE_ROLLBACK_COMPLETE',
      reason: 'kmsuser got no new password',
      keyStore: 'CONNECTED',
      logins: [false],
      within: 900,
    },
    {
      do: 'update',
      parameters: { pKmsUserPasswordRotation: '2026-11' },
      ends: 'UPDATE_ROLLBACK_COMPLETE',
      reason: 'The admin login is spent',
      keyStore: 'CONNECTED',
      changesNothing: true,
      within: 60,
    },
    {
      do: 'update',
      parameters: { pKmsUserPasswordRotation: '2026-11' },
      before: storeAdminPassword,
      ends: 'UPDATE_COMPLETE',
      keyStore: 'CONNECTED',
      logins: [true],
      within: 900,
    },
    { do: 'delete', ends: 'DELETE_COMPLETE', keyStore: 'none', within: 300 },
  ],
};
