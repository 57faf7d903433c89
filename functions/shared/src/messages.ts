// Every text for the user of a stack. Each has first words of its own, by which TROUBLESHOOTING.md explains it; `{instance}` is a slot for `say`.
// What to do stands in the text itself; AWS's own words follow behind it, in brackets, and are the first to go if an answer must be cut.

// Answers.
export const NOT_STARTED = 'The request could not be started. See what is missing or forbidden, and try again. ({error})';
export const EXECUTION_ENDED = 'The execution ended {status} before it answered. Try again. ({execution}{error})';
export const NESTED_ENDED = 'A nested execution ended {status} without a result. Somebody may have stopped it: try again. ({execution})';
export const FUNCTION_FAILED = 'A function of the stack did not do its work. Try again; if it fails again, read its log';
export const UNEXPECTED = 'An error came that this template has no words for. See the execution in the Step Functions console, and try again';

// Prerequisites, found before the first change.
export const NOTHING_CHANGED = 'Nothing was changed. {findings}';
export const KEY_STORE_STAYS = 'The key store stays {state}: this request changed nothing. {findings}';
export const COULD_NOT_LOOK = 'Not known: {what} could not be looked at. Try again; if it stays so, see what forbids or keeps the stack from it. ({error})';
export const NAME_TAKEN = 'The name is taken: {name} is key store {id}, which is {state}. Choose another pKeyStoreName, or remove that key store';
export const QUOTA_REACHED = 'The quota is reached: this account has {count} custom key stores in this Region, and may have {quota}. Remove one, or ask for a higher quota';
export const CLUSTER_MISSING = 'The cluster does not exist: this account and Region have no {cluster}. Check pCloudHsmClusterId';
export const CLUSTER_NOT_INITIALIZED = 'The cluster is not initialized: {cluster} is UNINITIALIZED. Initialize it (aws cloudhsmv2 initialize-cluster), and activate it (cloudhsm-cli cluster activate)';
export const CLUSTER_NOT_ACTIVATED = 'The cluster is not activated: {cluster} is INITIALIZED, its admin has no password yet. Activate it (cloudhsm-cli cluster activate)';
export const CLUSTER_NOT_ACTIVE = 'The cluster is not ACTIVE: {cluster} is {state}. Wait until it is ACTIVE; if it stays {state}, ask AWS Support';
export const CLUSTER_TAKEN = 'The cluster is taken: {cluster} belongs to key store {id}, which is {state}. Use another cluster, or remove that key store';
export const CLUSTER_RELATED = 'The cluster has a relative in use: {relative}, of the same backups, belongs to key store {id}, which is {state}. Use another cluster, or remove that key store';
export const TOO_FEW_HSMS = 'The cluster has too few HSMs: {active} ACTIVE in {zones} Availability Zones, and a key store needs 2 in 2. Add HSMs (aws cloudhsmv2 create-hsm)';
export const HSM_CHANGING = 'An HSM is changing: {hsms}. A user that is made meanwhile would be missing there. Wait until it has ended';
export const HSM_DEGRADED = 'An HSM is degraded: {hsms}. Delete it (aws cloudhsmv2 delete-hsm) and add another';
export const TOO_FEW_ZONES = 'The cluster has too few subnets: they are in {zones} Availability Zones, and a key store needs 2. Use a cluster with subnets in 2';
export const CLUSTER_UNRELATED = 'The cluster is unrelated: {cluster} is not of the same backups as {old}, which holds the keys of {id}. Put the old id back, or restore a cluster from a backup of {old} and use that one';
export const SUBNET_MISSING = 'A subnet is gone: {subnet} of the cluster does not exist. Restore the cluster from a backup into subnets that exist, and use that one';
export const SUBNET_FULL = 'A subnet is full: {subnet} of the cluster has no free IP address, and KMS needs one in each. Free one';
export const SECURITY_GROUP_MISSING = 'The security group is gone: {group} of the cluster does not exist. Restore the cluster from a backup, and use that one';
export const SECURITY_GROUP_CLOSED = 'The security group is closed: {group} has no {direction} rule for TCP 2223-2225 from or to itself. Put that rule back';
export const CERTIFICATE_UNREADABLE = 'The CA certificate cannot be read: secret {secret} must hold one certificate in PEM, of at most 5,000 characters. Store the text of customerCA.crt';
export const CERTIFICATE_OTHER = 'The CA certificate is another one: that in secret {secret} did not issue the certificate of {cluster}. Store the customerCA.crt that the cluster was initialized with';

// Secrets of the user.
export const SECRET_MISSING = 'A secret is missing: {secret} does not exist in this account and Region, or has no value. Check its name, and store a value';
export const SECRET_DELETED = 'A secret is being deleted: {secret}. Restore it (aws secretsmanager restore-secret)';
export const SECRET_BINARY = 'A secret is binary: {secret}. Store it as a string (aws secretsmanager put-secret-value --secret-string)';
export const SECRET_DENIED = 'A secret may not be read: {secret} does not exist, or its KMS key or a policy forbids it. Check the name, and let the roles of this stack read it. ({error})';
export const ADMIN_PASSWORD_UNUSABLE =
  'The admin password cannot be used: secret {secret} must hold it bare, or JSON with "password" (and "username", if that is not admin). It has 7 to 32 characters, no colon and no line break';
export const LOGIN_SPENT =
  'The admin login is spent: one was tried with this version of secret {secret}, and no answer shows that it was accepted. Five refused ones lock the admin. Check the password, ' +
  'store it again (aws secretsmanager put-secret-value), and try again';

// The client instance.
export const CLIENT_UNKNOWN = 'The client is not managed: Systems Manager does not know {instance}. Start it, and give it the SSM Agent and AmazonSSMManagedInstanceCore';
export const CLIENT_OFFLINE = 'The client is not Online: Systems Manager shows {instance} as {state}. Start it, and see that its SSM Agent runs and reaches Systems Manager';
export const CLIENT_NOT_LINUX = 'The client is not Linux: {instance} runs {platform}. Use an instance with Linux';
export const CLIENT_NOT_RUNNING = 'The client is not running: Systems Manager takes no command for {instance}. Start it and try again; to delete without it, retain the resource and remove kmsuser by hand';
export const CLIENT_LACKS = 'The client lacks programs: {instance} has no {programs}. Install what is missing';
export const CLI_OLD = 'The CLI is too old: {instance} has cloudhsm-cli {version}, and {need} needs {least}. Update it';
export const CLI_FAILED = 'The CLI cannot ask the cluster: cloudhsm-cli on {instance} did not list users and HSMs. Run configure-cli with every HSM, and check the security group. ({detail})';
export const CLI_NOT_CONFIGURED = 'The CLI is not configured: cloudhsm-cli.cfg on {instance} has no address of an HSM. Run configure-cli -a with those of {cluster}: {known}';
export const CLI_OTHER_CLUSTER = 'The CLI is configured for other HSMs: {instance} has {configured}, and those of {cluster} are {known}. Run configure-cli -a with these and no other';
export const CLI_CLUSTER_UNLISTED = 'The CLI does not know the cluster: none of the clusters in cloudhsm-cli.cfg on {instance} is {cluster}. Add it (configure-cli add-cluster)';
export const CLI_OTHER_CERTIFICATE = 'The CLI has another CA certificate: the one on {instance} is not that in secret {secret}. Put the customerCA.crt of the cluster in both places';
export const HSM_SILENT = 'An HSM does not answer: {instance} reaches {answering} of the {active} that are ACTIVE. Run configure-cli with every HSM, and check the security group';
export const CLIENT_BUSY = 'The client is busy: {instance} is still at an earlier command of this template. Try again in a few minutes';
export const CLIENT_KEY_GONE = 'The client has no key for this command: it came too late or twice, or {instance} restarted. Try again';
export const CLIENT_UNREADABLE = 'The client could not read the command: {instance} answered {outcome}. Try again';
export const CLIENT_UNSAFE = 'The client has an unsafe directory: /run/cloudhsm-key-store on {instance} is a symbolic link, which this template does not make. Remove it, and find out who made it';
export const CLIENT_SCRIPT_FAILED = 'The client script stopped: on {instance} it met something unexpected. See its output (aws ssm list-command-invocations --details), and try again';
export const CLIENT_ANSWER_UNKNOWN = 'The client answered what this template does not know: {outcome}, from {instance}. See whether somebody changed the SSM document, and try again';
export const COMMAND_NOT_TAKEN = 'The command was not taken: on {instance} it is "{status}". See that the instance runs and its SSM Agent is Online, and try again';
export const COMMAND_NOT_ENDED = 'The command did not end in time: on {instance} it is "{status}". See what the instance is busy with and whether it reaches the HSMs, and try again';
export const COMMAND_CANCELLED = 'The command was cancelled: on {instance} it is "{status}". Somebody stopped it: try again';
export const COMMAND_DENIED = 'The command was denied: on {instance} it is "{status}". Let the roles of this stack send commands to this instance';
export const COMMAND_NO_RESULT = 'The command gave no result: on {instance} it is "{status}". See its output (aws ssm list-command-invocations --details), and try again';

// HSM users.
export const KMSUSER_THERE = 'kmsuser is there already: this stack did not make it, and left it alone. If no key store uses it, delete it (cloudhsm-cli user delete --username kmsuser --role crypto-user)';
export const KMSUSER_NOT_CREATED =
  'kmsuser could not be created. Mend what cloudhsm-cli says; if the login was refused, correct the password. Then store it again in secret {secret}, also if it was right: a version that failed is not tried again. ({detail})';
export const KMSUSER_NOT_DELETED =
  'kmsuser could not be deleted. Mend what cloudhsm-cli says: a session of kmsuser must be logged out, a refused password corrected. Then store it again in secret {secret}, also if it was right: a version that failed is not tried again. ({detail})';
export const KMSUSER_NOT_RESET =
  'kmsuser got no new password. Mend what cloudhsm-cli says; if the login was refused, correct the password. Then store it again in secret {secret}, also if it was right: a version that failed is not tried again. ({detail})';
export const KMSUSER_INCOMPLETE = 'kmsuser is not on every HSM: coverage is {coverage}, {answering} HSMs answered {instance} and {active} are ACTIVE. Run configure-cli with every HSM, and try again';
export const KMSUSER_UNSEEN = 'kmsuser may be left on an HSM: {answering} of the {active} that are ACTIVE answered {instance}. Run configure-cli with every HSM, and delete again';
export const ADMIN_MISSING = 'The admin is missing: the cluster has no admin of the name in secret {secret} (admin, if it gives none). Store the right username';
export const ADMIN_LOCKED = 'The admin is locked: locked is "{locked}" after refused logins. Let another admin change its password (cloudhsm-cli user change-password); a sole one only comes back with a backup of the cluster';
export const ADMIN_INCOMPLETE = 'The admin is not on every HSM: coverage is "{coverage}". Repair it first (cloudhsm-cli user change-password, user create)';
export const ADMIN_MFA = 'The admin needs MFA, which no automation can give. Use an admin without MFA for this stack';
export const QUORUM_NEEDED = 'The cluster needs quorum approval: {quorum} admins must approve a change of users. Set the quorum value of the user service to 1 while the stack makes, changes or deletes kmsuser';

// The key store.
export const TRUST_ANCHOR_FIXED = 'The trust anchor cannot be changed: the certificate in secret {secret} is not the one that {id} was made with. Nothing was changed. Store that one, or put the old name back';
export const KEY_STORE_NOT_SETTLED = 'The key store does not settle: {id} is {state}, and somebody may be connecting or disconnecting it. Wait until it is CONNECTED or DISCONNECTED, and try again';
export const KEY_STORE_FOREIGN = 'The key store is not of this stack: nothing shows that it made {id}, and it leaves that one alone. Put an older version of secret rSecretLedger back (aws secretsmanager update-secret-version-stage), and try again';
export const LEDGER_UNREADABLE = 'The ledger cannot be read: secret rSecretLedger was changed by hand. Put its previous version back (aws secretsmanager update-secret-version-stage), and try again';
export const STACK_SECRET_MISSING = 'A secret of the stack is missing: its ledger was deleted by hand. Restore it (aws secretsmanager restore-secret), and try again';
export const NOT_CONNECTED = 'The key store did not become CONNECTED: {id} was {state} the last of {looks} times that KMS was asked. Look at the cluster and its security group, and try again';
export const DISCONNECTED_AGAIN = 'The key store is DISCONNECTED again: KMS had accepted to connect {id}, and somebody may have disconnected it. Try again';
export const NOT_DISCONNECTED = 'The key store did not become DISCONNECTED: {id} is still {state} after 10 minutes. Wait until it is DISCONNECTED, and try again';

// Connection error codes (KMS API Reference, CustomKeyStoresListEntry; KMS Developer Guide, fix-keystore).
export const INTERNAL_ERROR = 'KMS could not complete the connection. Try again; if it fails again, ask AWS Support';
export const NETWORK_ERRORS = 'KMS could not reach the cluster. Check the security group and the network ACLs of the cluster, wait some minutes, and try again';
export const CLUSTER_NOT_FOUND = 'KMS could not find the cluster. Check that it exists, or restore it from a backup and use that one';
export const INSUFFICIENT_CLOUDHSM_HSMS = 'KMS found no active HSM. Add HSMs (two, in two Availability Zones), and try again';
export const INSUFFICIENT_FREE_ADDRESSES_IN_SUBNET = 'KMS found no free IP address in a subnet. Free one in each private subnet of the cluster, and try again';
export const SUBNET_NOT_FOUND = 'KMS could not find a subnet of the cluster. Restore the cluster from a backup into subnets that exist, and use that one';
export const INVALID_CREDENTIALS = 'KMS was refused as kmsuser. Somebody may have changed its password: try again, which gives it a new one';
export const USER_LOCKED_OUT = 'KMS found kmsuser locked out after refused logins. Try again, which unlocks it with a new password';
export const USER_LOGGED_IN = 'KMS found somebody logged in as kmsuser. Log that session out, and try again';
export const USER_NOT_FOUND = 'KMS found an HSM without kmsuser. Configure the CLI of the client instance with every HSM (configure-cli -a), and try again';

// Exceptions of the KMS API.
export const KMS_NAME_IN_USE = 'KMS has another key store of that name. Choose another pKeyStoreName, or remove that key store';
export const KMS_CLUSTER_IN_USE = 'KMS has another key store on the cluster, or on one of the same backups. Use another cluster, or remove that key store';
export const KMS_CLUSTER_MISSING = 'KMS knows no such cluster in this account and Region. Check pCloudHsmClusterId';
export const KMS_CLUSTER_NOT_ACTIVE = 'KMS found the cluster not ACTIVE. Wait until its change ends, and try again';
export const KMS_CLUSTER_UNFIT = 'KMS found the cluster unfit: it needs two active HSMs and private subnets in two Availability Zones, and its security group with the rules for TCP 2223-2225. Mend that, and try again';
export const KMS_CLUSTER_UNRELATED = 'KMS found the clusters unrelated: only one of the same backups can take the place of another. Use a cluster from a backup of the old one';
export const KMS_OTHER_CERTIFICATE = 'KMS knows the cluster by another CA certificate. Store the customerCA.crt that it was initialized with in the secret of pCloudHsmCustCaCertSecretName';
export const KMS_LIMIT = 'KMS allows no more key stores: the quota of this account and Region is reached. Remove one, or ask for a higher quota';
export const KMS_INVALID_STATE = 'KMS does not allow this in the state that the key store is in. Wait until its ConnectionState settles, and try again';
export const KMS_KEY_STORE_MISSING = 'KMS has no such key store any more: somebody deleted it meanwhile. Try again, which makes it again';

// What any service of AWS may answer.
export const AWS_DENIED = 'AWS denied a call of the stack. See what forbids it (a service control policy, a permissions boundary, a policy changed by hand), allow it, and try again';
export const AWS_THROTTLED = 'AWS throttled a call of the stack, and still did when it was tried again. Try again later';
export const AWS_FAILED = 'AWS failed in a call of the stack, and still did when it was tried again. See the AWS Health Dashboard, and try again later';
