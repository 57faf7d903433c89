import { commandIs, createKeyStore } from '../by-hand';
import { failedCreate } from '../failed-create';

export const scenario = failedCreate({
  shows: 'Somebody makes a key store on the cluster while kmsuser is made',
  during: {
    when: commandIs('create', 'Success'),
    happens: async (world) => {
      await createKeyStore(world, 'other', world.clusterId);
    },
  },
  reason: 'KMS has another key store on the cluster',
  within: 900,
  keyStore: 'DISCONNECTED',
  leaves: [/^key store cks-/],
});
