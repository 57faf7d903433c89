import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { putAnswer } from '../../shared/src/answer';
import { askedAt, SUPERSEDED } from '../../shared/src/execution-name';
import { EXECUTION_ENDED, NOT_STARTED } from '../../shared/src/messages';
import { NOT_CREATED, type MachineInput, type Request } from '../../shared/src/request';
import { say } from '../../shared/src/say';
import { readSealKey, unseal } from '../../shared/src/seal';
import { retryable } from '../../shared/src/transient';
import { explain, type StateError } from './reasons';

/** The state of a top-level machine when it answers. */
interface MachineState extends MachineInput {
  KeyStore?: { KeyStoreId: string };
  Error?: StateError;
}

/** EventBridge: an execution ended (Step Functions Developer Guide, Step Functions Execution Status Change). */
interface ExecutionEnded {
  detail: { executionArn: string; status: string; input: string; error?: string | null; cause?: string | null };
}

/** Lambda: the custom-resource function failed for good (Lambda Developer Guide, asynchronous invocation records). */
interface InvocationFailed {
  requestPayload: Request & { ResponseURL: string };
  responsePayload?: { errorMessage?: string };
}

const secrets = new SecretsManagerClient({});

/** The error that an execution ends with when it has answered FAILED: the safety net leaves it alone. */
const ANSWERED = 'RequestFailed';

/**
 * Answers CloudFormation. Called by the state SendCfnResponse of the create, update and delete machines with their whole state,
 * and, as a safety net, by EventBridge for an execution that ended without an answer and by Lambda for a request that never started one.
 * @returns the Status and Reason that were sent
 */
export const handler = retryable(async (event: MachineState | ExecutionEnded | InvocationFailed) => {
  if ('requestPayload' in event) {
    const { requestPayload, responsePayload } = event;
    const reason = say(NOT_STARTED, { error: responsePayload?.errorMessage ?? 'the function did not answer' });
    return answer(requestPayload, requestPayload.ResponseURL, requestPayload.PhysicalResourceId ?? NOT_CREATED, reason);
  }
  if ('detail' in event) {
    const { input, status, error, cause, executionArn } = event.detail;
    // One that a later request has stopped may have answered already; its date makes sure that the request was the older one.
    if (error === ANSWERED || (error === SUPERSEDED && askedAt(executionArn) !== undefined)) return { Status: 'FAILED', Reason: cause ?? '' };
    const state = JSON.parse(input) as MachineState;
    const why = error ? `: ${explain({ Error: error, ...(cause && { Cause: cause }) })}` : '';
    return answerFor(state, say(EXECUTION_ENDED, { status, execution: executionArn, error: why }));
  }
  return answerFor(event, event.Error && explain(event.Error));
});

async function answerFor(state: MachineState, failure: string | undefined) {
  const url = unseal(await readSealKey(secrets), state.SealedResponseUrl, state.Request);
  // A create makes a physical id, even one that fails. An update answers with another one only when it has made a store that was gone again: then
  // CloudFormation deletes the old id, which nothing has any more.
  const { RequestType } = state.Request;
  const made = RequestType === 'Create' || (RequestType === 'Update' && failure === undefined) ? state.KeyStore?.KeyStoreId : undefined;
  return answer(state.Request, url, made ?? state.PhysicalResourceId, failure);
}

async function answer(request: Request, url: string, physicalResourceId: string, failure: string | undefined) {
  const verdict = { Status: failure === undefined ? ('SUCCESS' as const) : ('FAILED' as const), Reason: failure ?? 'Done' };
  const { StackId, RequestId, LogicalResourceId } = request;
  await putAnswer(url, { ...verdict, PhysicalResourceId: physicalResourceId, StackId, RequestId, LogicalResourceId });
  return verdict;
}
