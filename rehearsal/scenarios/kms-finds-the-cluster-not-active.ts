import { failedCreate } from '../failed-create';

export const scenario = failedCreate({
  shows: 'The cluster is changed before the connection: KMS refuses it at once',
  before: ({ account }) => {
    account.aws.failCalls({ service: 'kms', operation: 'ConnectCustomKeyStore', code: 'CloudHsmClusterNotActiveException', times: 1, caller: 'connect-key-store' });
  },
  reason: 'KMS found the cluster not ACTIVE',
  within: 900,
});
