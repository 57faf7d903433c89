import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Cluster, HsmUser } from '../../simulator/cloudhsm/cluster';
import type { KeyStore } from '../../simulator/kms/key-store';
import type { World } from '../world';

/** What in the world is not the stack's. Each is kept as text, so that two can be compared. */
export interface NotOurs {
  /** By id; undefined where a person has had their hands on it since. */
  keyStores: Map<string, string | undefined>;
  /** Ids of the clusters whose kmsuser the stack has not made. */
  kmsUserIn: Set<string>;
  /** Users in the tables of HSMs, without a kmsuser of ours. */
  users: string[];
  /** Values by name. */
  secrets: Map<string, string>;
  /** Contents of the files of the client instances, by path. */
  files: Map<string, string>;
}

/** Looks at the world before the stack's first operation: all that is there is somebody else's. */
export function notOursIn({ account }: World): NotOurs {
  const { cloudHsm, kms, secrets, ssm } = account;
  const kmsUserIn = new Set(cloudHsm.state.clusters.filter((cluster) => kmsUsersOf(cluster).length > 0).map(({ clusterId }) => clusterId));
  return {
    keyStores: new Map(kms.state.keyStores.map((store) => [store.keyStoreId, describe(store)])),
    kmsUserIn,
    users: others(cloudHsm.state.clusters, kmsUserIn),
    secrets: new Map(Object.values(secrets.state.secrets).map(({ name, versions }) => [name, JSON.stringify(versions.at(-1)?.value)])),
    files: filesOf(ssm.state.instances.map(({ folder }) => folder)),
  };
}

/** The kmsuser of each HSM of a cluster. */
export function kmsUsersOf({ hsms }: Pick<Cluster, 'hsms'>): HsmUser[] {
  return hsms.flatMap(({ users }) => users.filter(({ username }) => username === 'kmsuser'));
}

/** What tells of each user that is not ours whether somebody has changed it; refused logins are counted by another promise. */
export function others(clusters: readonly Cluster[], kmsUserIn: ReadonlySet<string>): string[] {
  return clusters.flatMap(({ clusterId, hsms }) =>
    hsms.flatMap(({ hsmId, users }) =>
      users
        .filter(({ username }) => username !== 'kmsuser' || kmsUserIn.has(clusterId))
        .map(({ username, role, password, ownsKeys }) => `user ${username} on ${hsmId} of ${clusterId}: ${role}, ${password}, ${ownsKeys}`),
    ),
  );
}

function describe({ name, clusterId, trustAnchor, password, keys, connection }: KeyStore): string {
  return JSON.stringify([name, clusterId, trustAnchor, password, keys, connection.state]);
}

/** What of the tree of an instance is the agent's, or memory, or links to this machine. */
const PASSING = /^(orchestration|run|dev\/shm|usr-bin)(\/|$)|^opt\/cloudhsm\/etc\//;

function filesOf(folders: readonly string[]): Map<string, string> {
  return new Map(
    folders.flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((name) => !PASSING.test(name) && statSync(path.join(folder, name)).isFile())
        .map((name): [string, string] => [path.join(folder, name), readFileSync(path.join(folder, name), 'latin1')]),
    ),
  );
}

/** What of all that has been changed, by its name. */
export function changesOf({ account }: World, { keyStores, kmsUserIn, users, secrets, files }: NotOurs): string[] {
  const { cloudHsm, kms, ssm } = account;
  const hsms = cloudHsm.state.clusters.flatMap((cluster) => cluster.hsms.map(({ hsmId }) => hsmId));
  const usersNow = others(cloudHsm.state.clusters, kmsUserIn);
  const present = new Map(kms.state.keyStores.map((store) => [store.keyStoreId, describe(store)]));
  const filesNow = filesOf(ssm.state.instances.map(({ folder }) => folder).filter((folder) => [...files.keys()].some((file) => file.startsWith(`${folder}/`))));
  return [
    ...[...keyStores].filter(([id, text]) => text !== undefined && present.get(id) !== text).map(([id]) => `key store ${id}`),
    // With an HSM, which no role can take away, its users are gone. The text holds a password: what stands before it is the name.
    ...users.filter((user) => !usersNow.includes(user) && hsms.some((hsmId) => user.includes(` on ${hsmId} of `))).map((user) => user.split(':')[0] ?? ''),
    ...[...secrets].filter(([name, text]) => JSON.stringify(account.secrets.find(name)?.versions.at(-1)?.value) !== text).map(([name]) => `secret ${name}`),
    ...[...files].filter(([file, text]) => filesNow.get(file) !== text).map(([file]) => `file ${path.basename(file)} on the client`),
    ...[...filesNow.keys()].filter((file) => !files.has(file)).map((file) => `new file ${path.basename(file)} on the client`),
  ];
}
