import { connectionErrorCodes } from '../../../simulator/kms/key-store';
import { STACK, type World } from '../../world';
import type { Lifecycle } from '../lifecycle';
import { DELETE_IT, disconnectNow, stackIs, storeIs, waitingFor } from './moments';

/** The rollback is the same, whatever it was that failed. */
const AS_THE_FIRST: Pick<Lifecycle, 'like' | 'until'> = { like: nameOfFailure(connectionErrorCodes[0]), until: stackIs('ROLLBACK_IN_PROGRESS') };

/** Creates of a stack: the good one, those that fail and roll back, and those that are called off by a delete. */
export const creates: readonly Lifecycle[] = [
  { name: 'create', step: { do: 'create', parameters: DELETE_IT }, ends: 'CREATE_COMPLETE' },
  ...connectionErrorCodes.map((code, index): Lifecycle => ({
    name: nameOfFailure(code),
    ...(index > 0 && AS_THE_FIRST),
    step: { do: 'create', parameters: DELETE_IT, before: ({ account: { kms } }) => kms.failNextConnect(code) },
    ends: 'ROLLBACK_COMPLETE',
    since: storeIs('FAILED'),
  })),
  {
    name: 'create-never-connected',
    ...AS_THE_FIRST,
    step: {
      do: 'create',
      parameters: DELETE_IT,
      before: ({ account: { kms } }) => {
        kms.connectMillis = 2 * 60 * 60_000;
      },
    },
    ends: 'ROLLBACK_COMPLETE',
    since: waitingFor('CONNECTING', 29),
  },
  {
    name: 'create-disconnected-by-hand',
    ...AS_THE_FIRST,
    step: { do: 'create', parameters: DELETE_IT, during: { when: 'WaitForConnection', happens: disconnectNow } },
    ends: 'ROLLBACK_COMPLETE',
    since: storeIs('DISCONNECTING'),
  },
  ...['InspectClient', 'CreateKmsUser', 'CreateKeyStore', 'WaitForConnection', 'SendCfnResponse'].map((when): Lifecycle => ({
    name: `delete-during-create-at-${when}`,
    like: 'delete',
    step: { do: 'create', parameters: DELETE_IT, during: { when, happens: deleteTheStack } },
    ends: 'DELETE_COMPLETE',
    since: stackIs('DELETE_IN_PROGRESS'),
  })),
];

function nameOfFailure(code = ''): string {
  return `create-${code.toLowerCase().replaceAll('_', '-')}`;
}

async function deleteTheStack({ account }: World): Promise<void> {
  await account.cloudFormation.deleteStack(STACK);
}
