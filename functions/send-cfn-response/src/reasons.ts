/** What to do about an error that AWS answered, by its name as SDK v3 or, after `Kms.`, Step Functions shows it. */
const REMEDIES: Record<string, string> = {
  // Connection error codes (KMS API Reference, CustomKeyStoresListEntry; KMS Developer Guide, fix-keystore).
  INTERNAL_ERROR: 'KMS could not complete the connection. Try again; if it fails again, ask AWS Support',
  NETWORK_ERRORS: 'KMS could not reach the cluster. Check the security group and network ACLs of the cluster, wait some minutes, and try again',
  CLUSTER_NOT_FOUND: 'KMS could not find the cluster. Check that it exists, or restore it from a backup',
  INSUFFICIENT_CLOUDHSM_HSMS: 'The cluster has no active HSM. Add HSMs (at least two, in two Availability Zones) and try again',
  INSUFFICIENT_FREE_ADDRESSES_IN_SUBNET: 'A subnet of the cluster has no free IP address. Free at least one address in each private subnet of the cluster and try again',
  SUBNET_NOT_FOUND: 'A subnet of the cluster was deleted. Restore the cluster from a backup into existing subnets and use that cluster',
  INVALID_CREDENTIALS: 'KMS was refused with the password of kmsuser. Somebody may have changed it: delete kmsuser in the cluster and try again',
  USER_LOCKED_OUT: 'kmsuser is locked out after too many refused logins. Delete kmsuser in the cluster and try again',
  USER_LOGGED_IN: 'Somebody is logged in to the cluster as kmsuser. Log that session out and try again',
  USER_NOT_FOUND: 'kmsuser is missing on at least one HSM of the cluster. Configure the CloudHSM CLI of the client instance with every HSM (configure-cli -a) and try again',
  // Exceptions of the KMS API.
  CustomKeyStoreNameInUseException: 'Another key store of this account and Region has that name. Choose another pKeyStoreName, or delete that key store',
  CloudHsmClusterInUseException: 'The cluster, or one restored from the same backups, already belongs to a key store. Use another cluster, or delete that key store',
  CloudHsmClusterNotFoundException: 'There is no such cluster in this account and Region. Check pCloudHsmClusterId',
  CloudHsmClusterNotActiveException: 'The cluster is not ACTIVE. Initialize and activate it, or wait until its change ends',
  CloudHsmClusterInvalidConfigurationException:
    'The cluster needs two active HSMs in two Availability Zones, private subnets there, and its own security group with its rules for TCP 2223-2225',
  IncorrectTrustAnchorException: 'The certificate in pCloudHsmCustCaCertSecretName is not the one that the cluster was initialized with (customerCA.crt). Put that one into the secret',
  LimitExceededException: 'The account has as many key stores as its quota allows. Delete one, or ask for a higher quota',
  CustomKeyStoreInvalidStateException: 'The key store is in a state that does not allow this. Wait until its ConnectionState settles and try again',
  CustomKeyStoreNotFoundException: 'The key store is gone. Remove the resource from the stack and add it again',
  ResourceNotFoundException: 'A secret is missing or has no value. Check the names of the secrets in the parameters',
};

/** The error that a state caught, or that ended an execution: `Error` and `Cause` of Step Functions. */
export interface StateError {
  Error?: string;
  Cause?: string;
}

/** Says in one text what went wrong and what to do about it; never a stack trace. */
export function explain(error: StateError): string {
  const cause = parseCause(error.Cause);
  // A nested execution's failure carries the child's own Error and Cause; a function's its errorType and errorMessage.
  const raised = cause.Error ?? cause.errorType ?? error.Error ?? 'Unknown error';
  const said = cause.Cause ?? cause.errorMessage ?? (typeof error.Cause === 'string' && !cause.parsed ? error.Cause : ended(cause));
  // A transient error that stayed: what it was before it was named for the retry.
  const [, transient, rest] = raised === 'TransientError' ? (/^(\w+): (.*)$/s.exec(said) ?? []) : [];
  const name = transient ?? raised;
  const text = rest ?? said;
  const remedy = REMEDIES[name.replace(/^Kms\.|^SecretsManager\./, '').replace('CmKs', 'CMKs')];
  // Our own errors say it all; AWS's come with their name, behind what to do.
  if (remedy) return `${remedy}. (${name}${text && `: ${text}`})`;
  return OWN_ERROR.test(name) ? text : `${name}${text && `: ${text}`}. See the execution's history in the Step Functions console`;
}

/** The errors whose text is written for the user: what the functions and the nested machines raise by name. */
const OWN_ERROR = /^(PrerequisitesNotMet|ClientCommandFailed|KmsUser\w+|AdminLogin\w+|AdminSecret\w+|UpdateNot\w+|KeyStore\w+|ConnectionNot\w+)$/;

/** A nested execution that ran into its own time-out, or was stopped, has neither error nor cause. */
function ended({ Name, Status }: ParsedCause): string {
  return Status === undefined ? '' : `nested execution ${Name ?? ''} ended ${Status}`;
}

interface ParsedCause {
  parsed: boolean;
  Name?: string;
  Status?: string;
  Error?: string;
  Cause?: string;
  errorType?: string;
  errorMessage?: string;
}

function parseCause(cause: string | undefined): ParsedCause {
  try {
    return { ...(JSON.parse(cause ?? '') as object), parsed: true };
  } catch {
    return { parsed: false };
  }
}
