import { stopExecution } from '../by-hand';
import { failedCreate } from '../failed-create';

export const scenario = failedCreate({
  shows: 'Somebody stops the nested execution that connects',
  during: {
    when: 0,
    happens: (world) => stopExecution(world, 'connect-key-store', 60),
  },
  reason: 'A nested execution ended ABORTED without a result',
  within: 1200,
});
