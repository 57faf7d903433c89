import type { World } from '../world';
import { changesOf, type NotOurs } from './not-ours';
import type { Seen } from './witness';

/** P5: no role of the stack has touched what is not the stack's, and it is as it was. */
export function checkForeign(world: World, { calls, commands }: Seen, notOurs: NotOurs, interfered: boolean): string[] {
  const { keyStores, secrets } = notOurs;
  const byRoles = calls.filter(({ role }) => role !== undefined);
  return [
    ...byRoles
      .filter(({ service, operation, input }) => service === 'kms' && !operation.startsWith('Describe') && keyStores.has(String(input['CustomKeyStoreId'])))
      .map(({ role, operation, input }) => `P5: ${role} asked for ${operation} of key store ${String(input['CustomKeyStoreId'])}, which is not ours`),
    ...byRoles
      .filter(({ service, operation }) => service === 'secretsmanager' && operation.startsWith('Put'))
      .filter(({ input }) => [...secrets.keys()].some((name) => String(input['SecretId']).includes(name)))
      .map(({ role, input }) => `P5: ${role} wrote into the secret ${String(input['SecretId'])}, which is not ours`),
    ...commands
      .filter(({ args }) => args[0] === 'user' && args[1] !== 'list' && args[args.indexOf('--username') + 1] !== 'kmsuser')
      .map(({ args }) => `P5: cloudhsm-cli was asked to ${args[1]} the user ${args[args.indexOf('--username') + 1]}`),
    ...commands
      .filter(({ trespassedOn }) => trespassedOn !== undefined)
      .map(({ args, trespassedOn }) => `P5: cloudhsm-cli was asked to ${args[1]} the kmsuser of ${trespassedOn}, which is not ours`),
    ...(interfered ? [] : changesOf(world, notOurs).map((what) => `P5: ${what} is not ours and not as it was`)),
  ];
}
