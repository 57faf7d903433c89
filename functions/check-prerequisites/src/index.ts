import { CloudHSMV2Client } from '@aws-sdk/client-cloudhsm-v2';
import { KMSClient } from '@aws-sdk/client-kms';
import { SSMClient } from '@aws-sdk/client-ssm';
import { readCluster } from '../../shared/src/client-cluster';
import type { MachineInput } from '../../shared/src/request';
import { retryable } from '../../shared/src/transient';
import { checkClient } from './client';
import { checkCluster } from './cluster';
import { checkName } from './name';

/** Something must be put right before a key store can be made. Nothing has been changed. */
export class PrerequisitesNotMet extends Error {
  override readonly name = 'PrerequisitesNotMet';

  constructor(findings: string[]) {
    super(`Nothing was changed. ${findings.map((finding, index) => `(${index + 1}) ${finding}.`).join(' ')}`);
  }
}

const cloudHsm = new CloudHSMV2Client({});
const kms = new KMSClient({});
const ssm = new SSMClient({});

/**
 * Finds all that can be known to be wrong before anything is changed. Called by the state CheckPrerequisites of the create machine,
 * once while the client is being inspected, and once when that has ended; or once, if the client could not be sent a command.
 * @returns Met: false while the client still looks
 * @throws PrerequisitesNotMet with every finding, and what to do about each
 */
export const handler = retryable(async ({ Request: { ResourceProperties: wanted }, Command }: MachineInput) => {
  const cluster = await readCluster(cloudHsm, wanted.CloudHsmClusterId);
  const findings = [...(await checkName(kms, wanted.KeyStoreName)), ...checkCluster(wanted.CloudHsmClusterId, cluster)];
  const client = await checkClient(ssm, Command, cluster);
  if (client === 'looking') return { Met: false };
  findings.push(...client);
  if (findings.length > 0) throw new PrerequisitesNotMet(findings);
  return { Met: true };
});
