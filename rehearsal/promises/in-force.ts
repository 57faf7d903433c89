import type { World } from '../world';

/** The statuses in which the stack's settings are at work. */
const AT_WORK = ['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE'];

/** P8: the settings that CloudFormation has in force, after a rollback the old ones, are at work in KMS. */
export function checkInForce({ account: { cloudFormation, kms } }: World, brokenBefore: boolean): string[] {
  const stack = cloudFormation.state.stacks.at(-1);
  if (!stack || !AT_WORK.includes(stack.status)) return [];
  const { status, parameters, resources } = stack;
  const mayBeBroken = brokenBefore && status === 'UPDATE_ROLLBACK_COMPLETE';
  const id = Object.values(resources).find(({ type }) => type.startsWith('Custom::'))?.physicalId;
  const store = kms.state.keyStores.find(({ keyStoreId }) => keyStoreId === id);
  if (!store) return mayBeBroken ? [] : [`P8: the stack is ${status}, and KMS has no key store ${id}`];
  const { name, clusterId, connection } = store;
  const { pKeyStoreName = '', pCloudHsmClusterId = '' } = parameters;
  return [
    ...(name === pKeyStoreName ? [] : [`P8: the key store is called ${name}, not ${pKeyStoreName}`]),
    ...(clusterId === pCloudHsmClusterId ? [] : [`P8: the key store is on ${clusterId}, not on ${pCloudHsmClusterId}`]),
    ...(connection.state === 'CONNECTED' || mayBeBroken ? [] : [`P8: the key store is ${connection.state}, not CONNECTED`]),
  ];
}
