import { SendCommandCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { constants, createPublicKey, publicEncrypt } from 'node:crypto';
import { describeFailure, readClientResult, type ClientResult } from '../../shared/src/client-result';
import { countActive, findWrongConfiguration, readCluster } from '../../shared/src/client-cluster';
import { environment } from '../../shared/src/environment';
import { CLIENT_NOT_RUNNING, CLUSTER_MISSING, TOO_FEW_HSMS } from '../../shared/src/messages';
import { Refused } from '../../shared/src/refused';
import type { ClientCommand } from '../../shared/src/request';
import { say } from '../../shared/src/say';
import type { Clients, KmsUserEvent } from './step';

/** The client instance cannot be sent a command. */
export class ClientNotReachable extends Error {
  override readonly name = 'KmsUserClientNotReachable';
}

/** The parameters of a command that carries secrets. */
export interface ForKey {
  /** Which key of the client they are encrypted for. */
  Key: string[];
  Envelope: string[];
}

/** Seconds until a command that the agent has not picked up is given up: the least that Systems Manager allows. */
const DELIVERY_SECONDS = 30;

/**
 * Sends one command to the client instance.
 * @param clusterId the cluster that the CLI is to ask, if it is configured for several
 * @param change for a command that changes something: the key of the inspection before it, and the envelope made with that key
 * @throws ClientNotReachable if Systems Manager does not know the instance as running, or as one with Linux
 */
export async function sendCommand(
  ssm: SSMClient,
  { Step, Ledger }: Pick<ClientCommand, 'Step' | 'Ledger'>,
  clusterId: string,
  change: Partial<ForKey> = {},
): Promise<ClientCommand> {
  const instance = environment('INSTANCE');
  try {
    const { Command } = await ssm.send(
      new SendCommandCommand({
        InstanceIds: [instance],
        DocumentName: environment('DOCUMENT'),
        Parameters: { Action: [Step], Stack: [environment('STACK')], Cluster: [clusterId], ...change },
        TimeoutSeconds: DELIVERY_SECONDS,
      }),
    );
    return { Step, CommandId: Command?.CommandId ?? '', Ledger, Wait: { Count: 0 } };
  } catch (error) {
    if (!(error instanceof Error && ['InvalidInstanceId', 'UnsupportedPlatformType'].includes(error.name))) throw error;
    throw new ClientNotReachable(say(CLIENT_NOT_RUNNING, { instance }));
  }
}

/**
 * Reads what the inspection found on the cluster.
 * @throws Refused if it failed, or looked at another cluster, with what to do
 */
export async function readInspection({ cloudHsm, ssm }: Clients, { Command, ClusterId }: KmsUserEvent): Promise<ClientResult> {
  const inspection = await readClientResult(ssm, Command.CommandId);
  const cluster = await readCluster(cloudHsm, ClusterId);
  if (!cluster) throw new Refused(say(CLUSTER_MISSING, { cluster: ClusterId }));
  // Then the client cannot help it.
  if (countActive(cluster) === 0) throw new Refused(say(TOO_FEW_HSMS, { active: 0, zones: 0 }));
  if (inspection.outcome !== 'inspected') throw new Refused(describeFailure(inspection));
  const elsewhere = findWrongConfiguration(cluster, inspection);
  if (elsewhere !== undefined) throw new Refused(elsewhere);
  return inspection;
}

/** The parameters of a command that carries secrets: encrypted for the key that the inspection made on the client. */
export function encryptFor(inspection: ClientResult, lines: string[]): ForKey {
  const key = createPublicKey({ key: Buffer.from(inspection.publicKey ?? '', 'base64'), format: 'der', type: 'spki' });
  const envelope = publicEncrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }, Buffer.from(lines.map((line) => `${line}\n`).join('')));
  return { Key: [inspection.key ?? ''], Envelope: [envelope.toString('base64')] };
}
