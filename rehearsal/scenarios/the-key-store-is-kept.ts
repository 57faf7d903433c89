import type { Scenario } from '../scenario';

export const scenario: Scenario = {
  shows: 'By default the key store is disconnected and kept, and kmsuser with it',
  steps: [
    { do: 'create', ends: 'CREATE_COMPLETE', keyStore: 'CONNECTED', within: 900 },
    { do: 'delete', ends: 'DELETE_COMPLETE', keyStore: 'DISCONNECTED', within: 300 },
  ],
  leaves: [/^key store cks-\w+ \(DISCONNECTED\)$/, 'user kmsuser in the cluster'],
};
