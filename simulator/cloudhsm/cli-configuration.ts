import { X509Certificate } from 'node:crypto';
import { isBefore, type CliCommand } from './cli-command';
import { CliError } from './cli-error';
import { activeHsms, type Cluster, type Hsm } from './cluster';
import { samePem } from './same-pem';

/** How cloudhsm-cli is installed and configured on a client. */
export interface CliConfiguration {
  /** Of the client, e.g. `5.17.2`. */
  version: string;
  /** The ids of the clusters that configure-cli was run for, in that order. */
  clusters: readonly string[];
  /** PEM text in the file that hsm_ca_file names; undefined if there is no file. */
  customerCa: string | undefined;
}

/** The id of the cluster that a command is for. @throws CliError */
export function chosenCluster({ clusters }: CliConfiguration, { flags }: CliCommand): string {
  const wanted = flags['--cluster-id'];
  const [first] = clusters;
  // A client that was never configured has a placeholder as hostname. [C]
  if (first === undefined) throw new CliError('Config key hostname has invalid value');
  // "Required: If multiple clusters have been configured" (each command's page); the words are practitioners'. [C]
  if (wanted === undefined && clusters.length > 1) throw new CliError('multiple clusters provided in configuration file. Please specify `cluster-id`');
  if (wanted !== undefined && !clusters.includes(wanted)) throw new CliError(`Cluster ${wanted} is not configured`);
  return wanted ?? first;
}

/**
 * The HSMs that answer: those that the configuration lists and that are ACTIVE, if the client can and may talk to the cluster at all.
 * The documents give no words for the failures. [U]
 * @throws CliError
 */
export function answeringHsms(configuration: CliConfiguration, cluster: Cluster | undefined): Hsm[] {
  // The file is read before any HSM is asked (CloudHSM User Guide, configure-sdk-5).
  const { customerCa } = configuration;
  if (customerCa === undefined || !isCertificate(customerCa)) throw new CliError('Could not read configuration-referenced file hsm_ca_file');
  const hsms = cluster && isReachable(configuration, cluster) ? activeHsms(cluster).filter((hsm) => hsm.knownToClient) : [];
  if (hsms.length === 0) throw new CliError('Unable to connect to any HSM in the cluster');
  // With mTLS enforced only this is said to a client without a certificate of its own, as all are here. [C]
  if (cluster?.mtlsEnforcement === 'cluster') throw new CliError('HSM is disconnected');
  return hsms;
}

function isReachable({ customerCa = '', version }: CliConfiguration, cluster: Cluster): boolean {
  // hsm2m.medium needs 5.9.0 or later (CloudHSM User Guide, sdk5-hsm-types).
  if (cluster.hsmType === 'hsm2m.medium' && isBefore(version, 5, 9)) return false;
  // The client trusts an HSM by the certificate of the cluster's own CA (CloudHSM User Guide, configure-sdk-5).
  return cluster.reachable && samePem(customerCa, cluster.trustAnchor);
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}
