import type { Scenario } from '../scenario';

export const scenario: Scenario = {
  shows: 'The client instance is stopped when the stack is deleted: the answer asks to start it, and the next delete ends it',
  steps: [
    { do: 'create', parameters: { pDeleteKeyStoreUponStackDeletion: 'true' }, ends: 'CREATE_COMPLETE', keyStore: 'CONNECTED', within: 900 },
    {
      do: 'delete',
      before: ({ account, instanceId }) => account.ssm.stop(instanceId),
      ends: 'DELETE_FAILED',
      reason: 'The client is not running',
      keyStore: 'none',
      within: 300,
    },
    { do: 'delete', before: ({ account, instanceId }) => account.ssm.reboot(instanceId), ends: 'DELETE_COMPLETE', keyStore: 'none', within: 120 },
  ],
};
