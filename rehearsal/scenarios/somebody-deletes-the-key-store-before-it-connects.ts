import { failedCreate } from '../failed-create';

export const scenario = failedCreate({
  shows: 'Somebody deletes the key store before it is connected: the create says so',
  during: {
    when: ({ account }) => account.kms.state.keyStores.length > 0,
    happens: async ({ account: { aws, kms } }) => {
      await aws.call(aws.iam.deployer, 'kms', 'DeleteCustomKeyStore', { CustomKeyStoreId: kms.state.keyStores[0]?.keyStoreId ?? '' });
    },
  },
  reason: 'KMS has no such key store any more',
  within: 180,
});
