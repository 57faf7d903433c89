import type { Stack } from '../../simulator/cloudformation/stack';
import { KeyPool } from '../../simulator/ssm/key-pool';
import { createKeyStore, stopExecution, until } from '../../rehearsal/by-hand';
import { leftovers } from '../../rehearsal/leftovers';
import { openWorld, STACK, type World } from '../../rehearsal/world';

/** A verdict that CloudFormation took from the custom resource. */
export interface Verdict {
  type: string;
  status: string;
  reason: string;
  /** Virtual seconds from the request to its answer. */
  seconds: number;
}

/** A stack's life that a test leads, in virtual time. */
export interface Life {
  world: World;
  create(parameters?: Record<string, string>): Promise<string>;
  /** Creates with "preserve successfully provisioned resources": no rollback. */
  createAndKeepWhatFailed(): Promise<string>;
  update(parameters: Record<string, string>): Promise<string>;
  delete(): Promise<string>;
  /** Begins an operation, and has something happen after it has asked the custom resource. Answers the stack's status when both are over. */
  meanwhile(operation: Operation, when: Moment, happens: () => unknown, parameters?: Record<string, string>): Promise<string>;
  /** Deletes the stack in the middle of its create. */
  deleteDuringCreate(when: Moment): Promise<string>;
  /** Stops, as an operator, the running execution of the stack's machine of that kind. */
  stopExecution(kind: Operation): Promise<void>;
  pass(seconds: number): Promise<void>;
  /** Lets time pass until what somebody else does is done. */
  settled<T>(doing: Promise<T>): Promise<T>;
  /** Waits out what goes on by itself, and answers what is left of the stack. */
  left(): Promise<string[]>;
  /** The verdicts that CloudFormation took, in order. */
  verdicts(): Verdict[];
  /** The newest version of the stack's ledger. */
  ledger(): Record<string, unknown>;
  /** The ConnectionState of the account's first key store, or `none`. */
  keyStore(): string;
  /** Makes a key store as somebody else. Answers its id. */
  makeKeyStore(name: string, clusterId: string): Promise<string>;
  /** Deletes a key store as somebody else, from whatever state. */
  deleteKeyStore(keyStoreId: string): Promise<void>;
  /** The admin's logins in the cluster: whether each was accepted. */
  logins(): boolean[];
}

type Operation = 'create' | 'update' | 'delete';

/** Virtual seconds after the custom resource was asked, or what must have come true by then. */
type Moment = number | (() => boolean);

const open: World[] = [];
/** For the lives of one test file: keys are real, and made once. */
const keyPool = new KeyPool();

afterEach(async () => {
  await Promise.all(open.splice(0).map(({ account }) => account.close()));
});

/**
 * Opens a world for a test; it is closed when the test is over.
 * @param change what is different about the template's text
 */
export async function openLife({ seed = 1, change = (body) => body }: { seed?: number; change?: (body: string) => string } = {}): Promise<Life> {
  const world = await openWorld({ seed, keyPool });
  open.push(world);
  const { aws, cloudFormation, cloudHsm } = world.account;
  const { kms, secrets } = world.account;
  const templateBody = change(world.templateBody);
  let parameters = world.parameters;
  const operation = (name: Operation, given: Record<string, string> = {}): Promise<Stack | undefined> => {
    parameters = { ...(name === 'update' ? parameters : world.parameters), ...given };
    const input = { stackName: STACK, templateBody, fromS3: true, parameters };
    if (name === 'create') return cloudFormation.createStack(input);
    return name === 'update' ? cloudFormation.updateStack(input) : cloudFormation.deleteStack(STACK);
  };
  const over = async (...operations: Promise<unknown>[]): Promise<string> => {
    await aws.clock.runUntilSettled(Promise.all(operations));
    return cloudFormation.stack(STACK).status;
  };
  const asDeployer = (operationName: string, input: Record<string, string>) => aws.call(aws.iam.deployer, 'kms', operationName, input);
  const meanwhile: Life['meanwhile'] = (name, when, happens, given) => {
    const asked = new Promise<void>((resolve) => {
      cloudFormation.onEvent(({ type, status }) => {
        if (type.startsWith('Custom::') && status === `${name.toUpperCase()}_IN_PROGRESS`) resolve();
      });
    });
    const moment = async (): Promise<void> => {
      if (typeof when === 'number') return aws.clock.sleep(when * 1000);
      return until(world, when);
    };
    return over(operation(name, given), asked.then(moment).then(happens));
  };
  return {
    world,
    create: (given) => over(operation('create', given)),
    createAndKeepWhatFailed: () => over(cloudFormation.createStack({ stackName: STACK, templateBody, fromS3: true, parameters: world.parameters, onFailure: 'DO_NOTHING' })),
    update: (given) => over(operation('update', given)),
    delete: () => over(operation('delete')),
    meanwhile,
    deleteDuringCreate: (when) => meanwhile('create', when, () => cloudFormation.deleteStack(STACK)),
    stopExecution: (kind) => stopExecution(world, `${kind}-key-store`, 0),
    settled: (doing) => aws.clock.runUntilSettled(doing),
    pass: (seconds) => aws.clock.runTo(aws.clock.now + seconds * 1000),
    async left() {
      await aws.clock.runTo(aws.clock.now + 10 * 60_000);
      return [...leftovers(world), ...world.account.refusals];
    },
    verdicts: () => {
      const { requests } = cloudFormation.state.customResources;
      return cloudFormation.answers
        .filter(({ accepted }) => accepted)
        .map(({ requestId, time, status, reason }) => ({
          type: String(requests[requestId]?.event.RequestType),
          status,
          reason: reason.replace(/^.*? Message returned: /, ''),
          seconds: (time - (requests[requestId]?.sentAt ?? time)) / 1000,
        }));
    },
    ledger: () => {
      const version = Object.values(secrets.state.secrets).find(({ name }) => name.includes('Ledger'))?.versions.at(-1)?.value;
      return version && 'SecretString' in version ? (JSON.parse(version.SecretString) as Record<string, unknown>) : {};
    },
    keyStore: () => kms.state.keyStores[0]?.connection.state ?? 'none',
    makeKeyStore(name, clusterId) {
      cloudHsm.putUser(clusterId, { username: 'kmsuser', role: 'crypto-user', password: 'somebody-elses-1' });
      return createKeyStore(world, name, clusterId);
    },
    async deleteKeyStore(CustomKeyStoreId) {
      await asDeployer('DisconnectCustomKeyStore', { CustomKeyStoreId });
      await aws.clock.sleep(5 * 60_000);
      await asDeployer('DeleteCustomKeyStore', { CustomKeyStoreId });
    },
    logins: () => cloudHsm.state.logins.filter(({ username }) => username === 'admin').map(({ accepted }) => accepted),
  };
}
