import { connecting } from '../by-hand';
import { failedCreate } from '../failed-create';

export const scenario = failedCreate({
  shows: 'KMS shows the connection as FAILED, and no code for it: that is believed after a while',
  during: {
    when: connecting,
    happens: ({ account: { kms } }) => {
      const [store] = kms.state.keyStores;
      if (!store) return;
      store.attempt++;
      store.connection = { state: 'FAILED' };
    },
  },
  reason: 'The key store did not become CONNECTED',
  within: 300,
});
