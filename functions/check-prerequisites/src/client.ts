import type { Cluster } from '@aws-sdk/client-cloudhsm-v2';
import { DescribeInstanceInformationCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { findWrongConfiguration } from '../../shared/src/client-cluster';
import { describeFailure, readClientResult, ClientCommandFailed } from '../../shared/src/client-result';
import { environment } from '../../shared/src/environment';
import type { ClientCommand } from '../../shared/src/request';

/**
 * Finds what keeps the client instance from its work, and whether the cluster has a kmsuser already.
 * @param command the command that inspects the client; its CommandId is empty if it could not be sent
 * @param cluster the cluster that the client must be configured for, if there is one
 * @returns the findings, or `looking` while nobody has yet waited for the command to end
 */
export async function checkClient(ssm: SSMClient, { CommandId, Wait }: ClientCommand, cluster: Cluster | undefined): Promise<string[] | 'looking'> {
  const offline = await checkOnline(ssm);
  if (offline.length > 0) return offline;
  if (CommandId === '') return [`Client instance ${environment('INSTANCE')} could not be sent a command, although Systems Manager shows it Online by now: try again`];
  if (Wait.Count === 0) return 'looking';
  try {
    const inspection = await readClientResult(ssm, CommandId);
    if (inspection.outcome !== 'inspected') return [describeFailure(inspection)];
    const elsewhere = cluster && findWrongConfiguration(cluster, inspection);
    // Whose users it saw is then not known.
    if (elsewhere !== undefined) return [elsewhere];
    return inspection.kmsuser === 'absent'
      ? []
      : ['The cluster has a user kmsuser that this stack did not make: if no key store uses it, delete it (cloudhsm-cli user delete --username kmsuser --role crypto-user)'];
  } catch (error) {
    if (error instanceof ClientCommandFailed) return [error.message];
    throw error;
  }
}

async function checkOnline(ssm: SSMClient): Promise<string[]> {
  const instance = environment('INSTANCE');
  const state = (await pingStatus(ssm, instance)) ?? 'not known to Systems Manager';
  if (state === 'Online') return [];
  return [
    `Client instance ${instance} is ${state}: start it, and check that it has the SSM Agent, the policy AmazonSSMManagedInstanceCore and a way to Systems Manager`,
  ];
}

async function pingStatus(ssm: SSMClient, instance: string): Promise<string | undefined> {
  try {
    const { InstanceInformationList = [] } = await ssm.send(
      new DescribeInstanceInformationCommand({ Filters: [{ Key: 'InstanceIds', Values: [instance] }] }),
    );
    return InstanceInformationList.find((information) => information.InstanceId === instance)?.PingStatus;
  } catch (error) {
    // An instance that Systems Manager has never seen answers an empty list, or this (API Reference, DescribeInstanceInformation).
    if (error instanceof Error && error.name === 'InvalidInstanceId') return undefined;
    throw error;
  }
}
