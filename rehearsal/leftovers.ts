import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import type { World } from './world';

/** Everything of a stack that is still there: what it made in the account, in the cluster and on the client. One line each. */
export function leftovers({ account, clusterId, instanceId, userSecrets }: World): string[] {
  const { aws, cloudHsm, events, kms, lambda, logs, secrets, ssm, states } = account;
  const cluster = cloudHsm.cluster(clusterId);
  return [
    ...kms.state.keyStores.map(({ keyStoreId, connection }) => `key store ${keyStoreId} (${connection.state})`),
    // With its HSMs the users of a deleted cluster are gone.
    ...(cluster.state !== 'DELETED' && cluster.hsms.some((hsm) => hsm.users.some(({ username }) => username === 'kmsuser')) ? ['user kmsuser in the cluster'] : []),
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
      .filter((name) => !userSecrets.includes(name))
      .map((name) => `secret ${name}`),
    ...filesBelow(path.join(ssm.state.instances.find((instance) => instance.instanceId === instanceId)?.folder ?? '', 'run')).map((file) => `file ${file} on the client`),
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
