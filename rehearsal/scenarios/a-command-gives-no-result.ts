import { commandIs, storeAdminPassword } from '../by-hand';
import type { Scenario } from '../scenario';
import type { World } from '../world';

export const scenario: Scenario = {
  shows: 'The command that deletes kmsuser ends without an answer: whether its login was accepted is not known, and it is not tried again',
  steps: [
    { do: 'create', parameters: { pDeleteKeyStoreUponStackDeletion: 'true' }, ends: 'CREATE_COMPLETE', keyStore: 'CONNECTED', within: 900 },
    {
      do: 'delete',
      during: { when: commandIs('delete', 'InProgress'), happens: killTheScript },
      ends: 'DELETE_FAILED',
      reason: 'The command gave no result',
      keyStore: 'none',
      within: 300,
    },
    { do: 'delete', ends: 'DELETE_FAILED', reason: 'The admin login is spent', keyStore: 'none', logins: [], within: 120, changesNothing: true },
    {
      do: 'delete',
      before: storeAdminPassword,
      ends: 'DELETE_COMPLETE',
      keyStore: 'none',
      within: 120,
    },
  ],
};

/** While the CLI is at work, the script is killed, and with it what it would have answered; the instance goes on. */
async function killTheScript({ account: { aws, ssm }, instanceId }: World): Promise<void> {
  await aws.clock.sleep(500);
  await ssm.reboot(instanceId);
}
