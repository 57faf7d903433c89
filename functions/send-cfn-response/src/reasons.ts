import * as messages from '../../shared/src/messages';
import { say } from '../../shared/src/say';

/** What to do about an error that AWS answered, by its name as SDK v3 or, after `Kms.`, Step Functions shows it. */
const REMEDIES: Record<string, string> = {
  INTERNAL_ERROR: messages.INTERNAL_ERROR,
  NETWORK_ERRORS: messages.NETWORK_ERRORS,
  CLUSTER_NOT_FOUND: messages.CLUSTER_NOT_FOUND,
  INSUFFICIENT_CLOUDHSM_HSMS: messages.INSUFFICIENT_CLOUDHSM_HSMS,
  INSUFFICIENT_FREE_ADDRESSES_IN_SUBNET: messages.INSUFFICIENT_FREE_ADDRESSES_IN_SUBNET,
  SUBNET_NOT_FOUND: messages.SUBNET_NOT_FOUND,
  INVALID_CREDENTIALS: messages.INVALID_CREDENTIALS,
  USER_LOCKED_OUT: messages.USER_LOCKED_OUT,
  USER_LOGGED_IN: messages.USER_LOGGED_IN,
  USER_NOT_FOUND: messages.USER_NOT_FOUND,
  CustomKeyStoreNameInUseException: messages.KMS_NAME_IN_USE,
  CloudHsmClusterInUseException: messages.KMS_CLUSTER_IN_USE,
  CloudHsmClusterNotFoundException: messages.KMS_CLUSTER_MISSING,
  CloudHsmClusterNotActiveException: messages.KMS_CLUSTER_NOT_ACTIVE,
  CloudHsmClusterInvalidConfigurationException: messages.KMS_CLUSTER_UNFIT,
  CloudHsmClusterNotRelatedException: messages.KMS_CLUSTER_UNRELATED,
  IncorrectTrustAnchorException: messages.KMS_OTHER_CERTIFICATE,
  LimitExceededException: messages.KMS_LIMIT,
  CustomKeyStoreInvalidStateException: messages.KMS_INVALID_STATE,
  CustomKeyStoreNotFoundException: messages.KMS_KEY_STORE_MISSING,
  ResourceNotFoundException: messages.STACK_SECRET_MISSING,
  InvalidRequestException: messages.STACK_SECRET_MISSING,
};

/** Errors that any service may answer. Step Functions shows one that a service does not list as its base class, and only its text tells (`Kms.KmsException`). */
const COMMON: [RegExp, string][] = [
  [/AccessDenied|UnauthorizedOperation|not authorized|Access to KMS is not allowed/, messages.AWS_DENIED],
  [/Throttl|TooManyRequests|Rate exceeded|RequestLimitExceeded/, messages.AWS_THROTTLED],
  [/Internal|SdkClientException|ServiceUnavailable|Timeout|ECONN|ENOTFOUND|EAI_AGAIN/, messages.AWS_FAILED],
];

/** How a function of the stack fails as a whole (Step Functions Developer Guide, error names; Lambda.Unknown and Sandbox.Timedout are what it really shows). */
const FUNCTION_FAILED = /^(Lambda|Sandbox|Runtime)\.|^States\.(Timeout|TaskFailed)$/;

/** The errors whose text is written for the user already. */
const WRITTEN = /^(Refused|KmsUserClientNotReachable|KeyStoreNotSettled)$/;

/** What a nested machine ends with when KMS did not come to an end: its cause is its state. */
interface Waited {
  KeyStoreId?: string;
  Described?: { KeyStore?: { ConnectionState?: string } };
  Wait?: { Count?: number };
}

/** The error that a state caught, or that ended an execution: `Error` and `Cause` of Step Functions. */
export interface StateError {
  Error?: string;
  Cause?: string;
}

/** Says in one text what went wrong and what to do about it; never a stack trace. */
export function explain(error: StateError): string {
  const cause = parse(error.Cause);
  // A nested execution's failure carries the child's own Error and Cause; a function's its errorType and errorMessage.
  if (cause?.Error !== undefined) return explain({ Error: cause.Error, Cause: cause.Cause ?? '' });
  // A nested execution that ran into its own time-out, or was stopped, has no error of its own.
  if (cause?.Status !== undefined) return say(messages.NESTED_ENDED, { status: cause.Status, execution: cause.Name ?? '' });
  const raised = cause?.errorType ?? error.Error ?? 'Unknown error';
  const said = cause?.errorMessage ?? (cause ? '' : (error.Cause ?? ''));
  if (WRITTEN.test(raised)) return said;
  const waited = explainWait(raised, cause);
  if (waited !== undefined) return waited;
  // A transient error that stayed: what it was before it was named for the retry.
  const [, transient, rest] = raised === 'TransientError' ? (/^(\w+): (.*)$/s.exec(said) ?? []) : [];
  const name = transient ?? raised;
  const text = rest ?? said;
  // AWS's own words stand behind what to do.
  return `${remedyFor(name, text)}. (${name}${text && `: ${text}`})`;
}

function remedyFor(name: string, text: string): string {
  const known = REMEDIES[name.replace(/^Kms\./, '')];
  if (known !== undefined) return known;
  if (FUNCTION_FAILED.test(name)) return messages.FUNCTION_FAILED;
  return COMMON.find(([pattern]) => pattern.test(`${name} ${text}`))?.[1] ?? messages.UNEXPECTED;
}

/** What KMS did not come to an end with, or undefined if the error is another one. */
function explainWait(raised: string, waited: Waited | undefined): string | undefined {
  const id = waited?.KeyStoreId;
  if (id === undefined) return undefined;
  const state = waited?.Described?.KeyStore?.ConnectionState ?? '';
  switch (raised) {
    case 'ConnectionNotSettled':
      return say(messages.NOT_CONNECTED, { id, state, looks: waited?.Wait?.Count ?? 0 });
    case 'KeyStoreDisconnected':
      return say(messages.DISCONNECTED_AGAIN, { id });
    case 'KeyStoreNotDisconnected':
      return say(messages.NOT_DISCONNECTED, { id, state });
    default:
      return undefined;
  }
}

interface Cause extends Waited {
  Name?: string;
  Status?: string;
  Error?: string;
  Cause?: string;
  errorType?: string;
  errorMessage?: string;
}

function parse(cause = ''): Cause | undefined {
  try {
    const value: unknown = JSON.parse(cause);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
