import type { Scenario } from '../scenario';

export const scenario: Scenario = {
  shows: 'Somebody connects the key store again as soon as the delete has disconnected it: the delete says so, and works when it is tried again',
  steps: [
    { do: 'create', parameters: { pDeleteKeyStoreUponStackDeletion: 'true' }, ends: 'CREATE_COMPLETE', keyStore: 'CONNECTED', within: 900 },
    {
      do: 'delete',
      during: {
        // The delete has seen it.
        when: ({ account }) => Object.values(account.states.state.executions).some(({ path }) => path.includes('KeyStoreDisconnected')),
        happens: async ({ account: { aws, kms } }) => {
          await aws.call(aws.iam.deployer, 'kms', 'ConnectCustomKeyStore', { CustomKeyStoreId: kms.state.keyStores[0]?.keyStoreId ?? '' });
        },
      },
      ends: 'DELETE_FAILED',
      reason: 'KMS does not allow this in the state',
      keyStore: 'CONNECTING',
      within: 300,
    },
    { do: 'delete', ends: 'DELETE_COMPLETE', keyStore: 'none', within: 300 },
  ],
};
