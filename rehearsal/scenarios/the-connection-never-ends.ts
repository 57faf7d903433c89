import { failedCreate } from '../failed-create';

export const scenario = failedCreate({
  shows: 'KMS stays CONNECTING: after half an hour the stack gives up',
  before: ({ account }) => {
    account.kms.connectMillis = 2 * 60 * 60_000;
  },
  reason: 'The key store did not become CONNECTED: cks-',
  within: 2100,
});
