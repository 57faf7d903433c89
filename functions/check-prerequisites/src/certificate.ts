import type { Cluster } from '@aws-sdk/client-cloudhsm-v2';
import { X509Certificate } from 'node:crypto';
import { CERTIFICATE_OTHER, CERTIFICATE_UNREADABLE } from '../../shared/src/messages';
import { Refused } from '../../shared/src/refused';
import { say } from '../../shared/src/say';

/** KMS takes no longer TrustAnchorCertificate (KMS API Reference, CreateCustomKeyStore). */
const LONGEST = 5000;

/**
 * Reads the customer CA certificate.
 * @throws Refused if the text is not one certificate in PEM
 */
export function parseCertificate(secret: string, text: string): X509Certificate {
  const unreadable = new Refused(say(CERTIFICATE_UNREADABLE, { secret }));
  if (text.length > LONGEST || text.split('-----BEGIN CERTIFICATE-----').length !== 2) throw unreadable;
  try {
    return new X509Certificate(text);
  } catch {
    throw unreadable;
  }
}

/** Finds out whether the certificate issued the cluster's: KMS takes no other one as the trust anchor. A cluster that has none yet is not initialized. */
export function checkIssued(secret: string, certificate: X509Certificate, { ClusterId = '', Certificates }: Cluster): string[] {
  const issued = Certificates?.ClusterCertificate;
  if (issued === undefined || new X509Certificate(issued).verify(certificate.publicKey)) return [];
  return [say(CERTIFICATE_OTHER, { secret, cluster: ClusterId })];
}
