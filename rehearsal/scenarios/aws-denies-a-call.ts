import { failedCreate } from '../failed-create';

export const scenario = failedCreate({
  shows: 'A service control policy forbids the stack to make a key store',
  before: ({ account }) => {
    account.aws.failCalls({ service: 'kms', operation: 'CreateCustomKeyStore', code: 'AccessDeniedException', times: Infinity, caller: 'manage-key-store' });
  },
  reason: 'AWS denied a call of the stack',
  within: 900,
});
