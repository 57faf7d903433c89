import type { Scenario } from '../scenario';

export const scenario: Scenario = {
  shows: 'Another prefix replaces the supporting resources; the key store is not asked, and still deletes',
  steps: [
    { do: 'create', parameters: { pDeleteKeyStoreUponStackDeletion: 'true' }, ends: 'CREATE_COMPLETE', keyStore: 'CONNECTED', within: 900 },
    { do: 'update', parameters: { pSystem: 'hsm', pEnvPurpose: 'prod' }, ends: 'UPDATE_COMPLETE', keyStore: 'CONNECTED', within: 60, leavesKeyStoreAlone: true },
    { do: 'delete', ends: 'DELETE_COMPLETE', keyStore: 'none', within: 300 },
  ],
};
