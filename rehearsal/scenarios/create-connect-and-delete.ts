import type { Scenario } from '../scenario';

export const scenario: Scenario = {
  shows: 'The happy path: a key store goes from nothing to CONNECTED, is renamed while connected, and back to nothing',
  steps: [
    { do: 'create', parameters: { pDeleteKeyStoreUponStackDeletion: 'true' }, ends: 'CREATE_COMPLETE', keyStore: 'CONNECTED', within: 900 },
    { do: 'update', parameters: { pKeyStoreName: 'payments' }, ends: 'UPDATE_COMPLETE', keyStore: 'CONNECTED', within: 60 },
    { do: 'delete', ends: 'DELETE_COMPLETE', keyStore: 'none', within: 300 },
  ],
};
