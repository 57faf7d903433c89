import { failedCreate } from '../failed-create';

export const scenario = failedCreate({
  shows: 'AWS denies the connect for good, as a service control policy does',
  before: ({ account }) => {
    account.aws.failCalls({ service: 'kms', operation: 'ConnectCustomKeyStore', code: 'AccessDeniedException', times: Infinity, caller: 'connect-key-store' });
  },
  reason: 'AWS denied a call of the stack',
  within: 900,
});
