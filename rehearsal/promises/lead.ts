import type { Stack } from '../../simulator/cloudformation/stack';
import { createKeyStore, stopExecution, until } from '../by-hand';
import { leftovers } from '../leftovers';
import { STACK, type World } from '../world';
import { reasonOf } from './answers';

/** A verdict that CloudFormation took from the custom resource. */
export interface Verdict {
  type: string;
  status: string;
  reason: string;
  /** Virtual seconds from the request to its answer. */
  seconds: number;
}

/** A stack's life that somebody leads, in virtual time. */
export interface Life {
  world: World;
  create(parameters?: Record<string, string>): Promise<string>;
  /** Creates with "preserve successfully provisioned resources": no rollback. */
  createAndKeepWhatFailed(): Promise<string>;
  update(parameters: Record<string, string>): Promise<string>;
  /** Goes on with the rollback of an update that failed. */
  continueRollback(): Promise<string>;
  delete(): Promise<string>;
  /**
   * Begins an operation, and has something happen after it has asked the custom resource, or has ended without. Answers the stack's status when
   * both are over.
   */
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

export type Operation = 'create' | 'update' | 'delete';

/** Virtual seconds after the custom resource was asked, or what must have come true by then. */
type Moment = number | (() => boolean);

/** Leads a stack's life in a world, on the world's template or another one. */
export function lead(world: World, templateBody = world.templateBody): Life {
  const { aws, cloudFormation, cloudHsm, kms, secrets } = world.account;
  const operation = (name: Operation, given: Record<string, string> = {}): Promise<Stack | undefined> => {
    // What an update does not name stays as it is in the stack, as `aws cloudformation deploy` has it.
    const parameters = { ...(name === 'update' ? cloudFormation.stack(STACK).parameters : world.parameters), ...given };
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
    const begun = operation(name, given);
    return over(begun, Promise.race([asked, begun]).then(moment).then(happens));
  };
  return {
    world,
    create: (given) => over(operation('create', given)),
    createAndKeepWhatFailed: () =>
      over(cloudFormation.createStack({ stackName: STACK, templateBody, fromS3: true, parameters: world.parameters, onFailure: 'DO_NOTHING' })),
    update: (given) => over(operation('update', given)),
    continueRollback: () => over(cloudFormation.continueUpdateRollback(STACK)),
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
        .map((answer) => {
          const { requestId, time, status } = answer;
          const request = requests[requestId];
          return { type: String(request?.event.RequestType), status, reason: reasonOf(answer), seconds: (time - (request?.sentAt ?? time)) / 1000 };
        });
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
