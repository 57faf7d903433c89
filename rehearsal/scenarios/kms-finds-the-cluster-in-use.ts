import { commandWas, createKeyStore, until } from '../by-hand';
import { failedCreate } from '../failed-create';

export const scenario = failedCreate({
  shows: 'Somebody makes a key store on the cluster while kmsuser is made',
  during: {
    seconds: 0,
    happens: async (world) => {
      await until(world, () => commandWas(world, 'create', 'Success'));
      await createKeyStore(world, 'other', world.clusterId);
    },
  },
  reason: 'KMS has another key store on the cluster',
  within: 900,
  keyStore: 'DISCONNECTED',
  leaves: [/^key store cks-/],
});
