import type { ConnectionState } from '../../../simulator/kms/key-store';
import { keyStoreOf } from '../../by-hand';
import { STACK, type World } from '../../world';

/** With these parameters the stack's delete takes the key store along. */
export const DELETE_IT = { pDeleteKeyStoreUponStackDeletion: 'true' };

/** When the key store comes into a state. */
export function storeIs(state: ConnectionState): (world: World) => boolean {
  return (world) => keyStoreOf(world)?.connection.state === state;
}

/** When the key store has been in a state for so many virtual minutes. */
export function waitingFor(state: ConnectionState, minutes: number): (world: World) => boolean {
  return (world) => storeIs(state)(world) && world.account.aws.clock.now - (keyStoreOf(world)?.changingSince ?? Infinity) > minutes * 60_000;
}

/** When the stack comes into a status. */
export function stackIs(status: string): (world: World) => boolean {
  return ({ account: { cloudFormation } }) => cloudFormation.stack(STACK).status === status;
}

/** Has a person ask KMS to disconnect the key store, while time goes on. */
export async function disconnectNow(world: World): Promise<void> {
  const { aws } = world.account;
  await aws.call(aws.iam.deployer, 'kms', 'DisconnectCustomKeyStore', { CustomKeyStoreId: keyStoreOf(world)?.keyStoreId ?? '' });
}
