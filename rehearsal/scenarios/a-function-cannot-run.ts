import { failedCreate } from '../failed-create';

export const scenario = failedCreate({
  shows: 'Lambda has no capacity left for a function, for longer than the stack tries',
  before: ({ account }) => {
    account.aws.failCalls({ service: 'lambda', operation: 'Invoke', code: 'TooManyRequestsException', times: 5, caller: 'create-key-store' });
  },
  reason: 'A function of the stack did not do its work',
  within: 300,
});
