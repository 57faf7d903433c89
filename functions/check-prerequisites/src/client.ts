import { DescribeInstanceInformationCommand, type InstanceInformation, type SSMClient } from '@aws-sdk/client-ssm';
import { environment } from '../../shared/src/environment';
import { CLIENT_NOT_LINUX, CLIENT_OFFLINE, CLIENT_UNKNOWN } from '../../shared/src/messages';
import { say } from '../../shared/src/say';

/** Finds what keeps the client instance from taking commands. */
export async function checkOnline(ssm: SSMClient): Promise<string[]> {
  const instance = environment('INSTANCE');
  const { PingStatus: state = '', PlatformType: platform = '' } = (await readInformation(ssm, instance)) ?? {};
  if (state === '') return [say(CLIENT_UNKNOWN, { instance })];
  return [...(state === 'Online' ? [] : [say(CLIENT_OFFLINE, { instance, state })]), ...(platform === 'Linux' ? [] : [say(CLIENT_NOT_LINUX, { instance, platform })])];
}

async function readInformation(ssm: SSMClient, instance: string): Promise<InstanceInformation | undefined> {
  try {
    const { InstanceInformationList = [] } = await ssm.send(new DescribeInstanceInformationCommand({ Filters: [{ Key: 'InstanceIds', Values: [instance] }] }));
    return InstanceInformationList.find(({ InstanceId }) => InstanceId === instance);
  } catch (error) {
    // An instance that Systems Manager has never seen answers an empty list, or this (API Reference, DescribeInstanceInformation).
    if (error instanceof Error && error.name === 'InvalidInstanceId') return undefined;
    throw error;
  }
}
