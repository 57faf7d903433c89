import type { World } from '../world';
import type { Scenario } from '../scenario';

/** The delete machine has come to the state that deletes the key store. */
const isDeleting = ({ account: { states } }: World): boolean => Object.values(states.state.executions).some(({ path, machineName }) => machineName.endsWith('-delete-key-store') && path.at(-1) === 'DeleteKeyStore');

export const scenario: Scenario = {
  shows: 'Somebody deletes the key store when the delete has disconnected it: that is as good',
  steps: [
    { do: 'create', parameters: { pDeleteKeyStoreUponStackDeletion: 'true' }, ends: 'CREATE_COMPLETE', keyStore: 'CONNECTED', within: 900 },
    {
      do: 'delete',
      // The first attempt is throttled: somebody is faster than the second.
      before: ({ account: { aws } }) => aws.failCalls({ service: 'kms', operation: 'DeleteCustomKeyStore', code: 'ThrottlingException', caller: 'delete-key-store' }),
      during: {
        when: isDeleting,
        happens: async ({ account: { aws, kms } }) => {
          await aws.clock.sleep(1_000);
          await aws.call(aws.iam.deployer, 'kms', 'DeleteCustomKeyStore', { CustomKeyStoreId: kms.state.keyStores[0]?.keyStoreId ?? '' });
        },
      },
      ends: 'DELETE_COMPLETE',
      keyStore: 'none',
      within: 300,
    },
  ],
};
