import { until } from '../by-hand';
import { failedCreate } from '../failed-create';

export const scenario = failedCreate({
  shows: 'Somebody disconnects the key store while KMS connects it',
  during: {
    seconds: 0,
    happens: async (world) => {
      await until(world, () => world.account.kms.state.keyStores[0]?.connection.state === 'CONNECTING');
      const { aws, kms } = world.account;
      await aws.clock.sleep(60_000);
      await aws.call(aws.iam.deployer, 'kms', 'DisconnectCustomKeyStore', { CustomKeyStoreId: kms.state.keyStores[0]?.keyStoreId ?? '' });
    },
  },
  reason: 'The key store is DISCONNECTED again: KMS had accepted to connect cks-',
  within: 1200,
});
