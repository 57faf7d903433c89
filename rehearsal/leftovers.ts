import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import type { World } from './world';

/** What of a world is somebody else's, where that is known. */
interface NotOurs {
  /** Ids of key stores. */
  keyStores: Pick<ReadonlySet<string>, 'has'>;
  /** Names of secrets. */
  secrets: Pick<ReadonlySet<string>, 'has'>;
  /** Ids of the clusters whose kmsuser is not ours. */
  kmsUserIn: Pick<ReadonlySet<string>, 'has'>;
}

/**
 * Everything of a stack that is still there: what it made in the account, in the cluster and on the client. One line each.
 * @param notOurs what is somebody else's, so that every cluster can be looked into. Without it, it is the user's secrets alone
 */
export function leftovers(world: World, notOurs?: NotOurs): string[] {
  const { account, clusterId, userSecrets } = world;
  const { aws, cloudHsm, events, kms, lambda, logs, secrets, ssm, states } = account;
  const { keyStores, kmsUserIn, secrets: others } = notOurs ?? { keyStores: new Set(), kmsUserIn: new Set(), secrets: new Set(userSecrets) };
  const clusters = cloudHsm.state.clusters.filter((cluster) => (notOurs !== undefined || cluster.clusterId === clusterId) && !kmsUserIn.has(cluster.clusterId));
  return [
    ...kms.state.keyStores
      .filter(({ keyStoreId }) => !keyStores.has(keyStoreId))
      .map(({ keyStoreId, connection }) => `key store ${keyStoreId} (${connection.state})`),
    ...clusters
      // With its HSMs the users of a deleted cluster are gone.
      .filter(({ state, hsms }) => state !== 'DELETED' && hsms.some(({ users }) => users.some(({ username }) => username === 'kmsuser')))
      .map((cluster) => `user kmsuser in ${cluster.clusterId === clusterId ? 'the cluster' : cluster.clusterId}`),
    ...Object.values(states.state.executions)
      .filter(({ status }) => status === 'RUNNING')
      .map(({ machineName, name }) => `running execution ${machineName} ${name}`),
    ...named('state machine', states.state.machines),
    ...named('function', lambda.state.functions),
    ...named('role', aws.iam.state.roles),
    ...named('managed policy', aws.iam.state.managedPolicies),
    ...named('rule', events.state.rules),
    ...named('log group', logs.state.groups),
    ...named('document', ssm.state.documents),
    ...Object.values(secrets.state.secrets)
      .map(({ name }) => name)
      .filter((name) => !others.has(name))
      .map((name) => `secret ${name}`),
    ...ssm.state.instances.flatMap(({ folder }) => filesBelow(path.join(folder, 'run'))).map((file) => `file ${file} on the client`),
  ];
}

function named(kind: string, things: Record<string, unknown>): string[] {
  return Object.keys(things).map((name) => `${kind} ${name}`);
}

/** The files below a folder. */
function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => statSync(path.join(folder, name)).isFile());
}
