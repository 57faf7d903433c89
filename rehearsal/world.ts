import { exampleCertificates } from '../simulator/cloudhsm/example-certificates';
import { LocalAccount } from '../simulator/local-account';
import type { KeyPool } from '../simulator/ssm/key-pool';
import { FILES } from '../templates/src/emit';
import type { Form } from '../templates/src/sources';
import { readFileSync } from 'node:fs';

/** What a person has before they create the stack: an active cluster, two secrets, a client instance. */
export interface World {
  account: LocalAccount;
  clusterId: string;
  instanceId: string;
  /** The template that is played: the emitted file itself. */
  templateBody: string;
  /** The parameters that have no default. */
  parameters: Record<string, string>;
  /** The password of the cluster's admin. */
  adminPassword: string;
  /** The secrets that are the user's. */
  userSecrets: string[];
}

/** The name of the stack that is played. */
export const STACK = 'key-store';

/** The example admin's password. It is odd on purpose: nothing on its way may trip over it. */
const ADMIN_PASSWORD = `Adm1n *"$(id)'\\ %`;

/** How a world is set up. */
export interface WorldOptions {
  /** Decides what AWS leaves open. Default 1. */
  seed?: number;
  /** Which form of the template is played. Default: the readable one. */
  form?: Form;
  /** Where the account is. Default: eu-central-1, in the partition aws. */
  place?: { partition: string; region: string };
  /** Where the client's RSA keys come from, for those who play many worlds. Default: openssl makes them. */
  keyPool?: KeyPool;
}

/** Sets such an account up. */
export async function openWorld({ seed = 1, form = 'readable', place, keyPool }: WorldOptions = {}): Promise<World> {
  const account = await LocalAccount.open({ seed, ...place, ...(keyPool && { keyPool }) });
  const { region } = account.aws;
  const clusterId = account.cloudHsm.addCluster({ zones: [`${region}a`, `${region}b`], adminPassword: ADMIN_PASSWORD });
  const instanceId = `i-${account.aws.identifier(17)}`;
  account.ssm.addInstance({ instanceId, clusterId });
  account.secrets.put('hsm/admin-password', { SecretString: ADMIN_PASSWORD });
  account.secrets.put('hsm/customer-ca', { SecretString: exampleCertificates.trustAnchor });
  return {
    account,
    clusterId,
    instanceId,
    templateBody: readFileSync(FILES[form], 'utf8'),
    parameters: {
      pCloudHsmClusterId: clusterId,
      pCloudHsmAdminPasswordSecretName: 'hsm/admin-password',
      pCloudHsmCustCaCertSecretName: 'hsm/customer-ca',
      pClientInstanceId: instanceId,
    },
    adminPassword: ADMIN_PASSWORD,
    userSecrets: ['hsm/admin-password', 'hsm/customer-ca'],
  };
}
