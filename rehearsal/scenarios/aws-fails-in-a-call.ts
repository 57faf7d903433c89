import { failedCreate } from '../failed-create';

export const scenario = failedCreate({
  shows: 'KMS fails in the creation for longer than the stack tries',
  before: ({ account }) => {
    account.aws.failCalls({ service: 'kms', operation: 'CreateCustomKeyStore', code: 'KMSInternalException', times: Infinity, caller: 'manage-key-store' });
  },
  reason: 'AWS failed in a call of the stack',
  within: 900,
});
