import { SendCommandCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { constants, createPublicKey, publicEncrypt } from 'node:crypto';
import { ClientCommandFailed, describeFailure, readClientResult, type ClientResult } from '../../shared/src/client-result';
import { findWrongConfiguration, readCluster } from '../../shared/src/client-cluster';
import { environment } from '../../shared/src/environment';
import type { ClientCommand } from '../../shared/src/request';
import type { Clients, KmsUserEvent } from './step';

/** The client instance cannot be sent a command. */
export class ClientNotReachable extends Error {
  override readonly name = 'KmsUserClientNotReachable';
}

/** Seconds until a command that the agent has not picked up is given up: the least that Systems Manager allows. */
const DELIVERY_SECONDS = 30;

/**
 * Sends one command to the client instance.
 * @param change for a command that changes something: the key of the inspection before it, and the envelope made with that key
 * @throws ClientNotReachable if Systems Manager does not know the instance as running
 */
export async function sendCommand(
  ssm: SSMClient,
  { Step, Ledger }: Pick<ClientCommand, 'Step' | 'Ledger'>,
  change: { Key?: string[]; Envelope?: string[] } = {},
): Promise<ClientCommand> {
  const instance = environment('INSTANCE');
  try {
    const { Command } = await ssm.send(
      new SendCommandCommand({
        InstanceIds: [instance],
        DocumentName: environment('DOCUMENT'),
        Parameters: { Action: [Step], Stack: [environment('STACK')], ...change },
        TimeoutSeconds: DELIVERY_SECONDS,
      }),
    );
    return { Step, CommandId: Command?.CommandId ?? '', Ledger, Wait: { Count: 0 } };
  } catch (error) {
    if (!(error instanceof Error && error.name === 'InvalidInstanceId')) throw error;
    throw new ClientNotReachable(
      `Client instance ${instance} is not running, or not managed by Systems Manager, and kmsuser can only be removed with it: ` +
        'start the client and delete again, or retain the resource',
    );
  }
}

/**
 * Reads what the inspection found on the cluster.
 * @throws ClientCommandFailed if it failed, or looked at another cluster, with what to do
 */
export async function readInspection({ cloudHsm, ssm }: Clients, { Command, ClusterId }: KmsUserEvent): Promise<ClientResult> {
  const inspection = await readClientResult(ssm, Command.CommandId);
  if (inspection.outcome !== 'inspected') throw new ClientCommandFailed(describeFailure(inspection));
  const cluster = await readCluster(cloudHsm, ClusterId);
  if (!cluster) throw new ClientCommandFailed(`Cluster ${ClusterId} no longer exists: try again, and its users are left out`);
  const elsewhere = findWrongConfiguration(cluster, inspection);
  if (elsewhere !== undefined) throw new ClientCommandFailed(elsewhere);
  return inspection;
}

/** The parameters of a command that carries secrets: encrypted for the key that the inspection made on the client. */
export function encryptFor(inspection: ClientResult, lines: string[]): { Key: string[]; Envelope: string[] } {
  const key = createPublicKey({ key: Buffer.from(inspection.publicKey ?? '', 'base64'), format: 'der', type: 'spki' });
  const envelope = publicEncrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }, Buffer.from(lines.map((line) => `${line}\n`).join('')));
  return { Key: [inspection.key ?? ''], Envelope: [envelope.toString('base64')] };
}
