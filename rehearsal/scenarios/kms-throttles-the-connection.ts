import { failedCreate } from '../failed-create';

export const scenario = failedCreate({
  shows: 'KMS throttles the connect for longer than the stack tries',
  before: ({ account }) => {
    account.aws.failCalls({ service: 'kms', operation: 'ConnectCustomKeyStore', code: 'ThrottlingException', times: Infinity, caller: 'connect-key-store' });
  },
  reason: 'AWS throttled a call of the stack',
  within: 900,
});
