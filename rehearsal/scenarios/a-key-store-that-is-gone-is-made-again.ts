import { deleteKeyStore } from '../by-hand';
import type { Scenario } from '../scenario';

export const scenario: Scenario = {
  shows: 'Somebody deleted the key store: any update makes it again, under a new id, and the clean-up of the old id leaves it alone',
  steps: [
    { do: 'create', parameters: { pDeleteKeyStoreUponStackDeletion: 'true' }, ends: 'CREATE_COMPLETE', keyStore: 'CONNECTED', within: 900 },
    { do: 'update', parameters: { pKeyStoreName: 'payments' }, before: deleteKeyStore, ends: 'UPDATE_COMPLETE', keyStore: 'CONNECTED', logins: [true], within: 900 },
    { do: 'update', parameters: { pKeyStoreName: 'invoices' }, ends: 'UPDATE_COMPLETE', keyStore: 'CONNECTED', logins: [], within: 60 },
    { do: 'delete', ends: 'DELETE_COMPLETE', keyStore: 'none', within: 300 },
  ],
};
