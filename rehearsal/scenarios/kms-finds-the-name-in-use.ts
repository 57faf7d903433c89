import { commandWas, createKeyStore, until } from '../by-hand';
import { failedCreate } from '../failed-create';

export const scenario = failedCreate({
  shows: 'Somebody takes the name while kmsuser is made',
  during: {
    seconds: 0,
    happens: async (world) => {
      await until(world, () => commandWas(world, 'create', 'Success'));
      const { aws, cloudHsm } = world.account;
      const other = cloudHsm.addCluster({ zones: [`${aws.region}a`, `${aws.region}b`], adminPassword: 'somebody-elses-1' });
      await createKeyStore(world, 'cloudhsm-key-store', other);
    },
  },
  reason: 'KMS has another key store of that name',
  within: 900,
  keyStore: 'DISCONNECTED',
  leaves: [/^key store cks-/],
});
