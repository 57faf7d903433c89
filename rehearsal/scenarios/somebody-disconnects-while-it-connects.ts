import { connecting } from '../by-hand';
import { failedCreate } from '../failed-create';

export const scenario = failedCreate({
  shows: 'Somebody disconnects the key store while KMS connects it',
  during: {
    when: connecting,
    happens: async (world) => {
      const { aws, kms } = world.account;
      await aws.call(aws.iam.deployer, 'kms', 'DisconnectCustomKeyStore', { CustomKeyStoreId: kms.state.keyStores[0]?.keyStoreId ?? '' });
    },
  },
  reason: 'The key store is DISCONNECTED again: KMS had accepted to connect cks-',
  within: 1200,
});
