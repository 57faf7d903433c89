import { stopExecution } from '../by-hand';
import type { Scenario, Step } from '../scenario';
import type { World } from '../world';

const is = (state: string) => ({ account: { kms } }: World): boolean => kms.state.keyStores[0]?.connection.state === state;

/** A rotation whose execution is stopped in the middle of a nested one. */
const stopped = (rotation: string, when: (world: World) => boolean): Step => ({
  do: 'update',
  parameters: { pKmsUserPasswordRotation: rotation },
  during: { when, happens: (world) => stopExecution(world, 'update-key-store', 3) },
  ends: 'UPDATE_ROLLBACK_COMPLETE',
  reason: 'The execution ended ABORTED before it answered. Try again',
  keyStore: 'CONNECTED',
  within: 900,
});

export const scenario: Scenario = {
  shows: 'A rotation is stopped by hand while the key store is disconnected, and another one while it is connected: the rollback connects it',
  steps: [
    { do: 'create', parameters: { pDeleteKeyStoreUponStackDeletion: 'true' }, ends: 'CREATE_COMPLETE', keyStore: 'CONNECTED', within: 900 },
    stopped('2026-11', is('DISCONNECTING')),
    stopped('2026-12', is('CONNECTING')),
    { do: 'delete', ends: 'DELETE_COMPLETE', keyStore: 'none', within: 300 },
  ],
};
