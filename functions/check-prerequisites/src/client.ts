import { DescribeInstanceInformationCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { describeFailure, readClientResult, ClientCommandFailed } from '../../shared/src/client-result';
import { environment } from '../../shared/src/environment';

/**
 * Finds what keeps the client instance from its work, and whether the cluster has a kmsuser already.
 * @param commandId the command that inspected the client, or empty if it could not be sent
 */
export async function checkClient(ssm: SSMClient, commandId: string): Promise<string[]> {
  const offline = await checkOnline(ssm);
  if (offline.length > 0 || commandId === '') return offline;
  try {
    const inspection = await readClientResult(ssm, commandId);
    if (inspection.outcome !== 'inspected') return [describeFailure(inspection)];
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
  const { InstanceInformationList = [] } = await ssm.send(
    new DescribeInstanceInformationCommand({ Filters: [{ Key: 'InstanceIds', Values: [instance] }] }),
  );
  const status = InstanceInformationList.find((information) => information.InstanceId === instance)?.PingStatus;
  if (status === 'Online') return [];
  const state = status === undefined ? 'not known to Systems Manager' : status;
  return [
    `Client instance ${instance} is ${state}: start it, and check that it has the SSM Agent, the policy AmazonSSMManagedInstanceCore and a way to Systems Manager`,
  ];
}
