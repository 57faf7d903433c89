import type { Scenario } from '../scenario';
import type { World } from '../world';

export const scenario: Scenario = {
  shows: 'Somebody spoilt the ledger: nothing is touched until it can be read again',
  steps: [
    { do: 'create', parameters: { pDeleteKeyStoreUponStackDeletion: 'true' }, ends: 'CREATE_COMPLETE', keyStore: 'CONNECTED', within: 900 },
    {
      do: 'delete',
      before: ({ account }) => {
        account.secrets.put(ledgerName(account), { SecretString: 'spoilt' });
      },
      ends: 'DELETE_FAILED',
      reason: 'The ledger cannot be read',
      keyStore: 'CONNECTED',
      within: 60,
      changesNothing: true,
    },
    {
      do: 'delete',
      before: ({ account }) => {
        const ledger = account.secrets.find(ledgerName(account));
        const [previous] = ledger?.versions.slice(-2) ?? [];
        if (previous) account.secrets.put(ledgerName(account), previous.value);
      },
      ends: 'DELETE_COMPLETE',
      keyStore: 'none',
      within: 300,
    },
  ],
};

function ledgerName({ secrets }: World['account']): string {
  return Object.values(secrets.state.secrets).find(({ name }) => name.includes('Ledger'))?.name ?? '';
}
