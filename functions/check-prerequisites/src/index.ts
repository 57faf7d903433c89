import { CloudHSMV2Client, type Cluster } from '@aws-sdk/client-cloudhsm-v2';
import { EC2Client } from '@aws-sdk/client-ec2';
import { KMSClient, type CustomKeyStoresListEntry } from '@aws-sdk/client-kms';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { SSMClient } from '@aws-sdk/client-ssm';
import { parseAdminSecret } from '../../shared/src/admin-secret';
import { readCluster, readClusters } from '../../shared/src/client-cluster';
import { readClientResult } from '../../shared/src/client-result';
import { environment } from '../../shared/src/environment';
import { CLIENT_UNKNOWN, CLUSTER_MISSING, KEY_STORE_STAYS, NOTHING_CHANGED, SECRET_DENIED } from '../../shared/src/messages';
import { Refused } from '../../shared/src/refused';
import type { MachineInput } from '../../shared/src/request';
import { say } from '../../shared/src/say';
import { readSecret } from '../../shared/src/secret';
import { retryable } from '../../shared/src/transient';
import { checkIssued, parseCertificate } from './certificate';
import { checkOnline } from './client';
import { checkCluster } from './cluster';
import { checkInspection } from './inspection';
import { areRelated, findClusterTaken, findNameTaken, findUnrelated, readKeyStores } from './key-stores';
import { checkSecurityGroup, checkSubnets } from './network';
import { findQuotaReached } from './quota';
import { Survey } from './survey';

const cloudHsm = new CloudHSMV2Client({});
const ec2 = new EC2Client({});
const kms = new KMSClient({});
const quotas = new ServiceQuotasClient({});
const secrets = new SecretsManagerClient({});
const ssm = new SSMClient({});

/** The state of the create or update machine, and how often its state CheckPrerequisites was tried before. */
type PrerequisitesEvent = MachineInput & {
  Attempt: number;
  /** The key store that is updated; absent in a create. */
  KeyStore?: { KeyStoreId: string };
};

/**
 * Finds all that can be known to be wrong before anything is changed. Called by the state CheckPrerequisites of the create and update machines,
 * once while the client is being inspected, and once when that has ended; or once, if the client could not be sent a command.
 * @returns Met: false while the client still looks
 * @throws Refused with every finding, and what to do about each
 */
export const handler = retryable(async (event: PrerequisitesEvent) => {
  const survey = new Survey(event.Attempt);
  const offline = await survey.look('the client instance', () => checkOnline(ssm));
  if (!offline?.length && event.Command.CommandId !== '' && event.Command.Wait.Count === 0) return { Met: false };
  const state = (await checkAll(survey, event, offline)) ?? 'CONNECTED';
  if (survey.findings.length === 0) return { Met: true };
  const findings = survey.findings.map((finding, index) => `(${index + 1}) ${finding}.`).join(' ');
  // An update before this one may have left the store out of service.
  throw new Refused(state === 'CONNECTED' ? say(NOTHING_CHANGED, { findings }) : say(KEY_STORE_STAYS, { state, findings }));
});

/** @returns the ConnectionState of the key store that is updated, if there is one */
async function checkAll(survey: Survey, { Request, Command, KeyStore }: PrerequisitesEvent, offline: string[] | undefined): Promise<string | undefined> {
  const { KeyStoreName: name, CloudHsmClusterId: clusterId } = Request.ResourceProperties;
  const all = (await survey.look('the key stores', () => readKeyStores(kms))) ?? [];
  const own = all.find(({ CustomKeyStoreId }) => CustomKeyStoreId === KeyStore?.KeyStoreId);
  const keyStores = all.filter((store) => store !== own);
  survey.find(...findNameTaken(keyStores, name));
  if (!own) survey.find(await survey.look('the quota of key stores', () => findQuotaReached(quotas, keyStores.length)));
  const found = await survey.look(`cluster ${clusterId}`, async () => ({ cluster: await readCluster(cloudHsm, clusterId) }));
  const { cluster } = found ?? {};
  let takesOver = KeyStore !== undefined;
  const [adminSecret, certificateSecret] = [environment('ADMIN_SECRET'), environment('CA_CERT_SECRET')];
  const admin = await look(survey, adminSecret, async () => parseAdminSecret(adminSecret, await readSecret(secrets, adminSecret)));
  const certificate = await look(survey, certificateSecret, async () => parseCertificate(certificateSecret, (await readSecret(secrets, certificateSecret)).text));
  if (cluster) {
    const used = await survey.look('the clusters of the key stores', () => readUsed(keyStores));
    survey.find(...checkCluster(cluster), ...findClusterTaken(keyStores, cluster, used ?? []));
    const old = own?.CloudHsmClusterId ?? Request.OldResourceProperties?.CloudHsmClusterId ?? '';
    const before = KeyStore && (old === clusterId ? found : await survey.look('the cluster of the key store', async () => ({ cluster: await readCluster(cloudHsm, old) })));
    if (own && before) survey.find(...findUnrelated(own, cluster, before.cluster));
    // A store that is gone may be made again on any cluster: on one of other backups, a kmsuser is somebody else's.
    if (!own && before) takesOver = before.cluster !== undefined && areRelated(before.cluster, cluster);
    survey.find(...((await survey.look('the subnets of the cluster', () => checkSubnets(ec2, cluster))) ?? []));
    survey.find(...((await survey.look('the security group of the cluster', () => checkSecurityGroup(ec2, cluster))) ?? []));
    if (certificate) survey.find(...checkIssued(certificateSecret, certificate, cluster));
  } else if (found) survey.find(say(CLUSTER_MISSING, { cluster: clusterId }));
  survey.find(...(offline ?? []));
  if (offline?.length) return own?.ConnectionState;
  // Systems Manager took no command, although it shows the instance Online by now.
  if (Command.CommandId === '') survey.find(offline && say(CLIENT_UNKNOWN, { instance: environment('INSTANCE') }));
  const inspection = Command.CommandId === '' ? undefined : await survey.look('the client instance', () => readClientResult(ssm, Command.CommandId));
  if (!inspection) return own?.ConnectionState;
  const names = { admin: adminSecret, certificate: certificateSecret };
  survey.find(...checkInspection(inspection, { cluster, fingerprint: certificate?.fingerprint256, secrets: names, adminName: admin?.username, takesOver }));
  return own?.ConnectionState;
}

/** Reads the clusters of other key stores. That of an old one may be long gone: if CloudHSM takes no such id, it is left to KMS (CloudHsmClusterInUseException). */
async function readUsed(keyStores: CustomKeyStoresListEntry[]): Promise<Cluster[]> {
  const ids = keyStores.map(({ CloudHsmClusterId = '' }) => CloudHsmClusterId).filter((id) => id !== '');
  try {
    return await readClusters(cloudHsm, [...new Set(ids)]);
  } catch (error) {
    if (error instanceof Error && error.name === 'CloudHsmInvalidRequestException') return [];
    throw error;
  }
}

/** Looks at a secret: one that may not be read may also not exist, which IAM does not tell apart. */
function look<Value>(survey: Survey, secret: string, ask: () => Promise<Value>): Promise<Value | undefined> {
  return survey.look(`secret ${secret}`, ask, (error) => say(SECRET_DENIED, { secret, error }));
}
