import { stopExecution } from '../by-hand';
import { failedCreate } from '../failed-create';

export const scenario = failedCreate({
  shows: 'Somebody stops the execution: CloudFormation is told within two minutes',
  during: {
    when: 0,
    happens: (world) => stopExecution(world, 'create-key-store', 30),
  },
  reason: 'The execution ended ABORTED before it answered',
  within: 180,
});
