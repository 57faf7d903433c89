import { createHash } from 'node:crypto';
import type { Stack } from '../../simulator/cloudformation/stack';
import type { Secret } from '../../simulator/secretsmanager/secret';
import { leftovers } from '../leftovers';
import { STACK, type World } from '../world';

/** What is made up at random, or tells a time: ids, times, passwords, the names of keys on the client, the ends of names. */
const MADE_UP = new RegExp(
  [
    '\\b[0-9a-f]{64}\\b',
    '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}',
    '\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z',
    '\\d{8}T\\d{6}Z-[0-9a-f]{16}',
    '\\b[A-Za-z0-9]{32}\\b',
    'cks-[0-9a-f]{17}',
    '\\d{10}-[0-9a-f]{16}',
    '-[A-Za-z0-9]{12}(?:-[A-Za-z0-9]{6})?(?=")',
  ].join('|'),
  'g',
);

/**
 * All of a world that an operation can meet, in short: in two worlds with one fingerprint it fares alike. What is made up at random counts only
 * by where else it stands, and what is remembered of the past not at all.
 */
export function fingerprint(world: World): string {
  const { cloudFormation, cloudHsm, ec2, kms, secrets, ssm } = world.account;
  const currentOf = ({ name, versions, stages: { AWSCURRENT: current } }: Secret) => [name, current, versions.find(({ id }) => id === current)?.value];
  const resourcesOf = ({ status, parameters, resources }: Stack) => [
    status,
    parameters,
    Object.values(resources).map(({ logicalId, physicalId, properties }) => [logicalId, physicalId, properties]),
  ];
  const stacks = cloudFormation.state.stacks.filter(({ name, status }) => name === STACK && status !== 'DELETE_COMPLETE');
  const things = [
    stacks.map(resourcesOf),
    kms.state.keyStores.map(({ keyStoreId, name, clusterId, connection, password, keys }) => [keyStoreId, name, clusterId, connection, password, keys.length]),
    cloudHsm.state.clusters,
    Object.values(secrets.state.secrets).map(currentOf),
    ec2.state,
    ssm.state.instances.map(({ folder: _folder, ...rest }) => rest),
    leftovers(world),
  ];
  const names = new Map<string, string>();
  const text = JSON.stringify(things).replaceAll(MADE_UP, (madeUp) => {
    const name = names.get(madeUp) ?? `#${names.size}`;
    names.set(madeUp, name);
    return name;
  });
  return createHash('sha256').update(text).digest('hex');
}
