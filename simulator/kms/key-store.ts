/** Connection states of a custom key store (KMS API, ConnectionState). */
export type ConnectionState = 'CONNECTED' | 'CONNECTING' | 'FAILED' | 'DISCONNECTED' | 'DISCONNECTING';

/** Why a connection to a CloudHSM cluster failed (KMS API, ConnectionErrorCode; the codes of external key stores are not modelled). */
export const connectionErrorCodes = [
  'INTERNAL_ERROR',
  'NETWORK_ERRORS',
  'CLUSTER_NOT_FOUND',
  'INSUFFICIENT_CLOUDHSM_HSMS',
  'INSUFFICIENT_FREE_ADDRESSES_IN_SUBNET',
  'SUBNET_NOT_FOUND',
  'INVALID_CREDENTIALS',
  'USER_LOCKED_OUT',
  'USER_LOGGED_IN',
  'USER_NOT_FOUND',
] as const;

/** One of these codes. */
export type ConnectionErrorCode = (typeof connectionErrorCodes)[number];

/** How a key store's connection looks. */
export interface Connection {
  state: ConnectionState;
  /** Only with FAILED. */
  errorCode?: ConnectionErrorCode;
}

/** A CloudHSM key store, as KMS remembers it. */
export interface KeyStore {
  keyStoreId: string;
  name: string;
  clusterId: string;
  trustAnchor: string;
  /** What KMS takes for kmsuser's password: the one it was given, or the one it made at the last connect. */
  password: string;
  createdAt: number;
  connection: Connection;
  /** Counts connects and disconnects, so that the end of an older one is recognised as out of date. */
  attempt: number;
  /** When the running connect or disconnect began. */
  changingSince: number;
  /** The last failure, which a stale read may still show. */
  lastFailure?: { errorCode: ConnectionErrorCode; time: number };
  /** Describe does not find the store before this time. */
  visibleFrom: number;
  /** Describe shows this connection until that time, and the real one from then on. */
  stale?: { connection: Connection; until: number };
  /** Ids of the KMS keys in it. */
  keys: string[];
}
