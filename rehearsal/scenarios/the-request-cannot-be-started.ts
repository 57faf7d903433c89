import { failedCreate } from '../failed-create';

export const scenario = failedCreate({
  shows: 'Step Functions starts no execution: the first function answers by itself',
  before: ({ account }) => {
    account.aws.failCalls({ service: 'states', operation: 'StartExecution', code: 'StateMachineDoesNotExist', caller: 'custom-resource' });
  },
  reason: 'The request could not be started',
  within: 300,
});
