import { commandIs, createKeyStore } from '../by-hand';
import { failedCreate } from '../failed-create';

export const scenario = failedCreate({
  shows: 'Somebody takes the name while kmsuser is made',
  during: {
    when: commandIs('create', 'Success'),
    happens: async (world) => {
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
