import { alphabets } from '../alphabets';
import type { JsonObject, LocalAws, Operation, Service } from '../aws';
import type { CloudHsm } from '../cloudhsm/cloudhsm';
import { samePem } from '../cloudhsm/same-pem';
import { AwsError, NotModelled } from '../errors';
import type { Permission } from '../iam/iam';
import { optionalNumber, optionalText, requiredText } from '../request-fields';
import { takePage } from '../take-page';
import { timings } from '../timings';
import { checkActive, checkCluster, checkNetwork } from './check-cluster';
import type { Connection, ConnectionErrorCode, ConnectionState, KeyStore } from './key-store';
import { logOut, ownKeys, tryToConnect } from './try-to-connect';

/** What a world decides about KMS. */
export interface KmsOptions {
  /** How long a connect takes, virtual milliseconds. Default: `timings.connect`. */
  connectMillis?: number;
  /** How long a disconnect takes, virtual milliseconds. Default: `timings.disconnect`. */
  disconnectMillis?: number;
  /** Whether reads right after a change may show the old (KMS Developer Guide, programming-eventual-consistency). Default true. */
  staleReads?: boolean;
}

/** How long reads stay stale at most; within the minute that KMS's "usually seconds" is bounded by here. [U] */
const staleAfterCreate = 4_000;
const staleAfterConnect = 10_000;
const staleAtAll = 60_000;

/** KMS API, CreateCustomKeyStore: lengths and patterns. */
const storeId = { max: 64 };
const storeName = { max: 256 };
const clusterIdLimits = { min: 19, max: 24, pattern: /^cluster-[2-7a-zA-Z]{11,16}$/ };
const passwordLimits = { min: 7, max: 32 };

/** AWS KMS, as far as key stores in CloudHSM clusters go. */
export class Kms implements Service {
  readonly name = 'kms';
  readonly state: { keyStores: KeyStore[]; serviceLinkedRole: boolean; nextConnectFailure: ConnectionErrorCode | null } = {
    keyStores: [],
    serviceLinkedRole: false,
    nextConnectFailure: null,
  };
  readonly operations: Readonly<Record<string, Operation>>;
  /** Virtual milliseconds that a connect takes, from its next call on. */
  connectMillis: number;
  /** Virtual milliseconds that a disconnect takes, from its next call on. */
  disconnectMillis: number;
  /** Stores per account and Region; adjustable (KMS Developer Guide, resource-limits). */
  keyStoreQuota = 10;
  readonly #staleReads: boolean;

  constructor(
    readonly aws: LocalAws,
    readonly cloudHsm: CloudHsm,
    options: KmsOptions = {},
  ) {
    this.connectMillis = options.connectMillis ?? timings.connect;
    this.disconnectMillis = options.disconnectMillis ?? timings.disconnect;
    this.#staleReads = options.staleReads ?? true;
    this.operations = {
      CreateCustomKeyStore: this.#operation(
        'CreateCustomKeyStore',
        ['CustomKeyStoreName', 'CloudHsmClusterId', 'KeyStorePassword', 'TrustAnchorCertificate', 'CustomKeyStoreType'],
        (input) => this.#create(input),
        () => this.#checksOfCreate(),
      ),
      ConnectCustomKeyStore: this.#operation('ConnectCustomKeyStore', ['CustomKeyStoreId'], (input) => this.#connect(input)),
      DisconnectCustomKeyStore: this.#operation('DisconnectCustomKeyStore', ['CustomKeyStoreId'], (input) => this.#disconnect(input)),
      UpdateCustomKeyStore: this.#operation(
        'UpdateCustomKeyStore',
        ['CustomKeyStoreId', 'NewCustomKeyStoreName', 'KeyStorePassword', 'CloudHsmClusterId'],
        (input) => this.#update(input),
        (input) => (input['CloudHsmClusterId'] === undefined ? [] : [describeClusters]),
      ),
      DeleteCustomKeyStore: this.#operation('DeleteCustomKeyStore', ['CustomKeyStoreId'], (input) => this.#delete(input)),
      DescribeCustomKeyStores: this.#operation('DescribeCustomKeyStores', ['CustomKeyStoreId', 'CustomKeyStoreName', 'Limit', 'Marker'], (input) => this.#describe(input)),
    };
    aws.register(this);
  }

  /** The next connect that comes to its end fails with this code, whatever the world looks like. */
  failNextConnect(errorCode: ConnectionErrorCode): void {
    this.state.nextConnectFailure = errorCode;
  }

  /** Puts a KMS key into a store; kmsuser then owns key material on the cluster. Returns the key's id. */
  addKey(keyStoreId: string): string {
    const store = this.#store(keyStoreId);
    const key = this.aws.uuid();
    store.keys.push(key);
    const cluster = this.cloudHsm.findCluster(store.clusterId);
    if (cluster) ownKeys(cluster);
    return key;
  }

  /** These six actions know no resource but `*` (KMS Developer Guide, kms-api-permissions-reference). */
  #operation(name: string, fields: readonly string[], run: Operation['run'], more: (input: JsonObject) => Permission[] = () => []): Operation {
    return { source: `KMS API, ${name}`, fields, latency: timings.apiCall, run, permissions: (input) => [{ action: `kms:${name}`, resource: '*' }, ...more(input)] };
  }

  /** KMS makes its service-linked role at the first create, with the caller's rights (KMS Developer Guide, authorize-kms). */
  #checksOfCreate(): Permission[] {
    if (this.state.serviceLinkedRole) return [describeClusters];
    const { partition, account } = this.aws;
    return [
      describeClusters,
      {
        action: 'iam:CreateServiceLinkedRole',
        resource: `arn:${partition}:iam::${account}:role/aws-service-role/cks.kms.amazonaws.com/AWSServiceRoleForKeyManagementServiceCustomKeyStores`,
        context: { 'iam:AWSServiceName': 'cks.kms.amazonaws.com' },
      },
    ];
  }

  #create(input: JsonObject): JsonObject {
    const { CustomKeyStoreType: type = 'AWS_CLOUDHSM' } = input;
    if (type !== 'AWS_CLOUDHSM') throw new NotModelled(`CustomKeyStoreType ${String(type)}`);
    const wanted = {
      name: requiredText(input, 'CustomKeyStoreName', storeName),
      clusterId: requiredText(input, 'CloudHsmClusterId', clusterIdLimits),
      password: requiredText(input, 'KeyStorePassword', passwordLimits),
      trustAnchor: requiredText(input, 'TrustAnchorCertificate', { max: 5000 }),
    };
    const twin = this.state.keyStores.find(
      (store) => store.name === wanted.name && store.clusterId === wanted.clusterId && store.password === wanted.password && store.trustAnchor === wanted.trustAnchor,
    );
    // Idempotent only towards a disconnected store that is equal in everything (KMS API, CreateCustomKeyStore).
    if (twin?.connection.state === 'DISCONNECTED') return { CustomKeyStoreId: twin.keyStoreId };
    this.#checkNameIsFree(wanted.name);
    if (this.state.keyStores.length >= this.keyStoreQuota)
      throw new AwsError('LimitExceededException', `An account can have ${this.keyStoreQuota} custom key stores in a Region`);
    const cluster = checkCluster(this.cloudHsm, wanted.clusterId);
    // Neither the cluster itself nor a relative by backup may back another store (CloudHsmClusterInUseException).
    if (this.state.keyStores.some((store) => store.clusterId === wanted.clusterId || this.cloudHsm.findCluster(store.clusterId)?.lineage === cluster.lineage))
      throw new AwsError('CloudHsmClusterInUseException', `Cluster ${wanted.clusterId}, or one that shares a backup history with it, is associated with a custom key store`);
    if (!samePem(wanted.trustAnchor, cluster.trustAnchor))
      throw new AwsError('IncorrectTrustAnchorException', `The certificate is not the trust anchor of cluster ${wanted.clusterId}`);
    this.state.serviceLinkedRole = true;
    const { now } = this.aws.clock;
    const keyStoreId = `cks-${this.aws.identifier(17)}`;
    this.state.keyStores.push({
      ...wanted,
      keyStoreId,
      createdAt: now,
      connection: { state: 'DISCONNECTED' },
      attempt: 0,
      changingSince: now,
      visibleFrom: now + this.#staleFor(staleAfterCreate),
      keys: [],
    });
    return { CustomKeyStoreId: keyStoreId };
  }

  #connect(input: JsonObject): JsonObject {
    const store = this.#requested(input);
    requireState(store, ['DISCONNECTED', 'CONNECTING', 'CONNECTED']);
    // Accepted, and nothing to do. For CONNECTED undocumented. [U]
    if (store.connection.state !== 'DISCONNECTED') return {};
    const cluster = this.cloudHsm.findCluster(store.clusterId);
    // A cluster that is not active, or has no longer the network for it, is refused at once; the store stays DISCONNECTED (KMS API, ConnectCustomKeyStore).
    if (cluster && cluster.state !== 'DELETED') {
      checkActive(cluster);
      checkNetwork(this.cloudHsm, cluster);
    }
    const { now } = this.aws.clock;
    store.stale = { connection: this.#olderConnection(store), until: now + this.#staleFor(staleAfterConnect) };
    this.#change(store, 'CONNECTING', this.connectMillis, () => this.#endConnect(store));
    return {};
  }

  #endConnect(store: KeyStore): void {
    const { clock } = this.aws;
    this.aws.span('connect', store.changingSince);
    const newPassword = this.aws.identifier(32, alphabets.alphanumeric);
    const injected = this.state.nextConnectFailure;
    this.state.nextConnectFailure = null;
    const errorCode =
      injected ??
      tryToConnect(this.cloudHsm, this.cloudHsm.findCluster(store.clusterId), store.password, newPassword, (accepted) => {
        this.cloudHsm.state.logins.push({ time: clock.now, clusterId: store.clusterId, username: 'kmsuser', accepted });
      });
    if (errorCode) {
      store.connection = { state: 'FAILED', errorCode };
      store.lastFailure = { errorCode, time: clock.now };
    } else {
      store.connection = { state: 'CONNECTED' };
      store.password = newPassword;
    }
  }

  /** KMS API, DisconnectCustomKeyStore; KMS Developer Guide, disconnect-keystore: KMS logs out. */
  #disconnect(input: JsonObject): JsonObject {
    const store = this.#requested(input);
    requireState(store, ['CONNECTED', 'CONNECTING', 'FAILED']);
    if (store.connection.state === 'CONNECTING') this.aws.span('connect', store.changingSince);
    // FAILED never logged in, so somebody else's session as kmsuser goes on.
    const loggedIn = store.connection.state === 'CONNECTED';
    delete store.stale;
    this.#change(store, 'DISCONNECTING', this.disconnectMillis, () => {
      this.aws.span('disconnect', store.changingSince);
      if (loggedIn) logOut(this.cloudHsm.findCluster(store.clusterId));
      store.connection = { state: 'DISCONNECTED' };
    });
    return {};
  }

  /** Begins an asynchronous change; its end comes only if no other change has begun since. */
  #change(store: KeyStore, state: ConnectionState, milliseconds: number, end: () => void): void {
    store.connection = { state };
    store.changingSince = this.aws.clock.now;
    const attempt = ++store.attempt;
    this.aws.clock.after(milliseconds, () => {
      if (store.attempt === attempt) end();
    });
  }

  #update(input: JsonObject): JsonObject {
    const store = this.#requested(input);
    const name = optionalText(input, 'NewCustomKeyStoreName', storeName);
    const password = optionalText(input, 'KeyStorePassword', passwordLimits);
    const clusterId = optionalText(input, 'CloudHsmClusterId', clusterIdLimits);
    // The name alone may change while connected; all else needs DISCONNECTED (KMS Developer Guide, update-keystore).
    const onlyName = password === undefined && clusterId === undefined;
    requireState(store, onlyName ? ['DISCONNECTED', 'CONNECTED'] : ['DISCONNECTED']);
    if (name !== undefined && name !== store.name) this.#checkNameIsFree(name);
    if (clusterId !== undefined) {
      const cluster = checkCluster(this.cloudHsm, clusterId);
      const old = this.cloudHsm.findCluster(store.clusterId);
      if (clusterId !== store.clusterId && cluster.lineage !== old?.lineage)
        throw new AwsError('CloudHsmClusterNotRelatedException', `Cluster ${clusterId} does not share a backup history with cluster ${store.clusterId}`);
    }
    // It only records the values; a wrong password shows at the next connect.
    store.name = name ?? store.name;
    store.password = password ?? store.password;
    store.clusterId = clusterId ?? store.clusterId;
    return {};
  }

  /** Only the store goes: cluster, HSM users and kmsuser stay (KMS Developer Guide, delete-keystore). */
  #delete(input: JsonObject): JsonObject {
    const store = this.#requested(input);
    requireState(store, ['DISCONNECTED']);
    if (store.keys.length > 0) throw new AwsError('CustomKeyStoreHasCMKsException', `Custom key store ${store.keyStoreId} contains KMS keys`);
    this.state.keyStores.splice(this.state.keyStores.indexOf(store), 1);
    return {};
  }

  /** An id or a name that nobody has is an error, not an empty list (KMS API, DescribeCustomKeyStores). */
  #describe(input: JsonObject): JsonObject {
    const keyStoreId = optionalText(input, 'CustomKeyStoreId', storeId);
    const name = optionalText(input, 'CustomKeyStoreName', storeName);
    if (keyStoreId !== undefined && name !== undefined) throw new AwsError('ValidationException', 'Either CustomKeyStoreId or CustomKeyStoreName, not both');
    const { now } = this.aws.clock;
    const found = this.state.keyStores.filter(
      (store) => store.visibleFrom <= now && (keyStoreId === undefined || store.keyStoreId === keyStoreId) && (name === undefined || store.name === name),
    );
    if (found.length === 0 && (keyStoreId !== undefined || name !== undefined)) throw notFound(keyStoreId ?? name ?? '');
    const page = takePage(found, optionalText(input, 'Marker', { max: 1024 }), optionalNumber(input, 'Limit', 1, 1000) ?? 1000, () => {
      throw new AwsError('InvalidMarkerException', 'The marker is not valid');
    });
    return {
      CustomKeyStores: page.items.map((store) => describeStore(store, store.stale && now < store.stale.until ? store.stale.connection : store.connection)),
      Truncated: page.next !== undefined,
      ...(page.next !== undefined && { NextMarker: page.next }),
    };
  }

  /** What a read that lags behind shows: the state before, or the failure before that. */
  #olderConnection(store: KeyStore): Connection {
    const { lastFailure } = store;
    const mayShowFailure = lastFailure !== undefined && this.aws.clock.now - lastFailure.time < staleAtAll + this.disconnectMillis;
    return mayShowFailure && this.aws.random() < 0.5 ? { state: 'FAILED', errorCode: lastFailure.errorCode } : store.connection;
  }

  /** Half of the time nothing is stale, otherwise for up to `atMost` milliseconds. */
  #staleFor(atMost: number): number {
    return this.#staleReads ? Math.max(0, this.aws.random() * 2 - 1) * atMost : 0;
  }

  #checkNameIsFree(name: string): void {
    if (this.state.keyStores.some((store) => store.name === name)) throw new AwsError('CustomKeyStoreNameInUseException', `The name ${name} is in use by another custom key store`);
  }

  #requested(input: JsonObject): KeyStore {
    return this.#store(requiredText(input, 'CustomKeyStoreId', storeId));
  }

  #store(keyStoreId: string): KeyStore {
    const store = this.state.keyStores.find((other) => other.keyStoreId === keyStoreId);
    if (!store) throw notFound(keyStoreId);
    return store;
  }
}

const describeClusters: Permission = { action: 'cloudhsm:DescribeClusters', resource: '*' };

/** Each operation's reference lists the states under CustomKeyStoreInvalidStateException (KMS API). */
function requireState(store: KeyStore, allowed: readonly ConnectionState[]): void {
  if (!allowed.includes(store.connection.state))
    throw new AwsError('CustomKeyStoreInvalidStateException', `Custom key store ${store.keyStoreId} is ${store.connection.state}; this operation needs ${allowed.join(' or ')}`);
}

function notFound(which: string): AwsError {
  return new AwsError('CustomKeyStoreNotFoundException', `Custom key store ${which} was not found`);
}

function describeStore(store: KeyStore, connection: Connection): JsonObject {
  return {
    CustomKeyStoreId: store.keyStoreId,
    CustomKeyStoreName: store.name,
    CustomKeyStoreType: 'AWS_CLOUDHSM',
    CloudHsmClusterId: store.clusterId,
    TrustAnchorCertificate: store.trustAnchor,
    ConnectionState: connection.state,
    ...(connection.errorCode !== undefined && { ConnectionErrorCode: connection.errorCode }),
    CreationDate: store.createdAt / 1000,
  };
}
