import { commandIs } from '../by-hand';
import { failedCreate } from '../failed-create';

export const scenario = failedCreate({
  shows: 'The client instance restarts after it was looked at: its key is gone, and no login is spent',
  during: {
    when: commandIs('inspect', 'Success'),
    happens: async (world) => {
      await world.account.ssm.reboot(world.instanceId);
    },
  },
  reason: 'The client has no key for this command',
  within: 300,
});
