import { failedCreate } from '../failed-create';

export const scenario = failedCreate({
  shows: 'KMS throttles the creation for longer than the stack tries',
  before: ({ account }) => {
    account.aws.failCalls({ service: 'kms', operation: 'CreateCustomKeyStore', code: 'ThrottlingException', times: Infinity, caller: 'manage-key-store' });
  },
  reason: 'AWS throttled a call of the stack',
  within: 900,
});
