import { commandIs } from '../by-hand';
import { failedCreate } from '../failed-create';

export const scenario = failedCreate({
  shows: 'Somebody deletes the ledger of the stack in the middle of a create',
  during: {
    when: commandIs('inspect', 'Success'),
    happens: (world) => {
      for (const { name, arn } of Object.values(world.account.secrets.state.secrets)) if (name.includes('Ledger')) world.account.secrets.delete(arn);
    },
  },
  reason: 'A secret of the stack is missing',
  within: 300,
});
