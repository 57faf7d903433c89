import type { Scenario } from '../scenario';

export const scenario: Scenario = {
  shows: 'The password of kmsuser is rotated: the key store is disconnected, and connected again with the new one; another value rotates it again',
  steps: [
    { do: 'create', parameters: { pDeleteKeyStoreUponStackDeletion: 'true' }, ends: 'CREATE_COMPLETE', keyStore: 'CONNECTED', within: 900 },
    { do: 'update', parameters: { pKmsUserPasswordRotation: '2026-11' }, ends: 'UPDATE_COMPLETE', keyStore: 'CONNECTED', logins: [true], within: 900 },
    { do: 'update', parameters: { pKmsUserPasswordRotation: '2026-12', pKeyStoreName: 'payments' }, ends: 'UPDATE_COMPLETE', keyStore: 'CONNECTED', logins: [true], within: 900 },
    { do: 'update', parameters: { pKmsUserPasswordRotation: '' }, ends: 'UPDATE_COMPLETE', keyStore: 'CONNECTED', changesNothing: true, within: 60 },
    { do: 'delete', ends: 'DELETE_COMPLETE', keyStore: 'none', within: 300 },
  ],
};
