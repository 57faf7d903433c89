import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SFNClient } from '@aws-sdk/client-sfn';
import { setTimeout as sleep } from 'node:timers/promises';
import { putAnswer } from '../../shared/src/answer';
import { environment } from '../../shared/src/environment';
import { NOT_STARTED } from '../../shared/src/messages';
import { NOT_CREATED, type KeyStoreProperties, type MachineInput, type Request } from '../../shared/src/request';
import { say } from '../../shared/src/say';
import { readSealKey, seal } from '../../shared/src/seal';
import { isTransient } from '../../shared/src/transient';
import { listSuperseded, startNewest, stopSuperseded, type NewestRequest, type Started } from './start-newest';

/** CloudFormation's request as it arrives (Template Reference, custom resource request objects). */
interface CustomResourceEvent extends Request {
  ResponseURL: string;
}

const secrets = new SecretsManagerClient({});
const sfn = new SFNClient({});

/** The waits between attempts, in seconds: a role takes up to half a minute to take effect. */
const BACK_OFF = [1, 2, 4, 8, 15];
/** The same for a stop: the role has taken effect by then, and the function must end in its time however many there are. */
const STOP_BACK_OFF = [1, 2];

/**
 * Takes CloudFormation's request, starts the state machine for it, and stops what the request supersedes.
 * Called by CloudFormation, asynchronously. Answers FAILED itself if it cannot start the machine.
 */
export async function handler(event: CustomResourceEvent): Promise<void> {
  let started: Started | undefined;
  try {
    started = await withBackOff(() => start(event), BACK_OFF);
  } catch (error) {
    const { StackId, RequestId, LogicalResourceId, PhysicalResourceId = NOT_CREATED } = event;
    const Reason = say(NOT_STARTED, { error: describe(error) });
    return putAnswer(event.ResponseURL, { Status: 'FAILED', Reason, PhysicalResourceId, StackId, RequestId, LogicalResourceId });
  }
  if (!started) return;
  // The request is under way and will be answered: whatever fails from here on, a second verdict would be wrong.
  const { superseded } = started;
  await stopAll(event, () => Promise.resolve(superseded));
  await stopAll(event, () => listSuperseded(sfn, newest(event), started));
}

async function stopAll({ RequestId }: Request, find: () => Promise<string[]>): Promise<void> {
  const found = await withBackOff(find, STOP_BACK_OFF).catch((error: unknown) => {
    console.error(`Older executions may go on beside request ${RequestId}: ${describe(error)}`);
    return [];
  });
  for (const executionArn of found) {
    try {
      await withBackOff(() => stopSuperseded(sfn, executionArn, RequestId), STOP_BACK_OFF);
    } catch (error) {
      console.error(`Execution ${executionArn} goes on beside request ${RequestId}: ${describe(error)}`);
    }
  }
}

async function withBackOff<Result>(call: () => Promise<Result>, pauses: number[]): Promise<Result> {
  for (const pause of pauses) {
    try {
      return await call();
    } catch (error) {
      if (!isTransient(error)) throw error;
      await sleep(pause * 1000);
    }
  }
  return call();
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

function newest({ RequestType, RequestId, ResponseURL }: CustomResourceEvent): NewestRequest {
  return { machines: JSON.parse(environment('MACHINES')) as string[], requestType: RequestType, requestId: RequestId, responseUrl: ResponseURL };
}

async function start(event: CustomResourceEvent): Promise<Started | undefined> {
  const { RequestType, RequestId, StackId, LogicalResourceId, PhysicalResourceId, ResponseURL } = event;
  const sealed = seal(await readSealKey(secrets), ResponseURL, event);
  return startNewest(sfn, newest(event), (settleSeconds) => {
    const input: MachineInput = {
      Request: {
        RequestType,
        RequestId,
        StackId,
        LogicalResourceId,
        ...(PhysicalResourceId && { PhysicalResourceId }),
        ResourceProperties: ownProperties(event.ResourceProperties),
        ...(event.OldResourceProperties && { OldResourceProperties: ownProperties(event.OldResourceProperties) }),
      },
      SealedResponseUrl: sealed,
      SettleSeconds: settleSeconds,
      PhysicalResourceId: PhysicalResourceId ?? NOT_CREATED,
      Command: { Step: 'done', CommandId: '', Ledger: '', Wait: { Count: 0 } },
    };
    return JSON.stringify(input);
  });
}

/** CloudFormation puts its own ServiceToken and ServiceTimeout among the properties. */
function ownProperties({ ServiceToken: _token, ServiceTimeout: _timeout, ...own }: KeyStoreProperties & { ServiceToken?: string; ServiceTimeout?: string }): KeyStoreProperties {
  return own;
}
