import { unmetPrerequisite } from '../unmet-prerequisite';

export const scenario = unmetPrerequisite({
  shows: 'The client instance is stopped: it is told in the same answer as everything else, and nobody waits for it',
  before: async ({ account, instanceId }) => {
    await account.ssm.stop(instanceId);
  },
  finding: 'The client is not managed',
});
