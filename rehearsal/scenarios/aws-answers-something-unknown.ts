import { failedCreate } from '../failed-create';

export const scenario = failedCreate({
  shows: 'KMS answers what no document tells of',
  before: ({ account }) => {
    account.aws.failCalls({ service: 'kms', operation: 'CreateCustomKeyStore', code: 'SomethingNewException', times: Infinity, caller: 'manage-key-store' });
  },
  reason: 'An error came that this template has no words for',
  within: 900,
});
