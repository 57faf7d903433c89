import type { World } from '../world';
import type { Scenario } from '../scenario';

/** KMS is eventually consistent (KMS Developer Guide, programming-eventual-consistency): it may answer from what was a moment before. */
const answers = (operation: string, code: string, times: number, caller: string) => ({ account: { aws } }: World): void =>
  aws.failCalls({ service: 'kms', operation, code, times, caller });

const inConnection = answers('ConnectCustomKeyStore', 'CustomKeyStoreNotFoundException', 3, 'connect-key-store');
const inDisconnection = [
  answers('DescribeCustomKeyStores', 'CustomKeyStoreNotFoundException', 2, 'disconnect-key-store'),
  answers('DisconnectCustomKeyStore', 'CustomKeyStoreInvalidStateException', 1, 'disconnect-key-store'),
  answers('DeleteCustomKeyStore', 'CustomKeyStoreInvalidStateException', 2, 'delete-key-store'),
];

export const scenario: Scenario = {
  shows: 'KMS answers from a moment before at each step: the stack asks again',
  steps: [
    { do: 'create', parameters: { pDeleteKeyStoreUponStackDeletion: 'true' }, before: inConnection, ends: 'CREATE_COMPLETE', keyStore: 'CONNECTED', within: 900 },
    { do: 'delete', before: (world) => inDisconnection.forEach((happens) => happens(world)), ends: 'DELETE_COMPLETE', keyStore: 'none', within: 300 },
  ],
};
