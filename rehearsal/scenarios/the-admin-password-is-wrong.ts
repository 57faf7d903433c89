import type { Scenario } from '../scenario';

export const scenario: Scenario = {
  shows: "The admin's password is wrong: one login is refused, and none is tried again with that version of the secret",
  steps: [
    {
      do: 'create',
      before: ({ account }) => {
        account.secrets.put('hsm/admin-password', { SecretString: 'not-the-password' });
      },
      ends: 'ROLLBACK_COMPLETE',
      reason: 'kmsuser could not be created',
      keyStore: 'none',
      logins: [false],
      within: 120,
    },
    { do: 'delete', ends: 'DELETE_COMPLETE', keyStore: 'none', logins: [], within: 60 },
  ],
};
