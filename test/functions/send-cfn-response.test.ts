import { createHash } from 'node:crypto';
import * as messages from '../../functions/shared/src/messages';
import type { MachineInput, Request } from '../../functions/shared/src/request';
import { say } from '../../functions/shared/src/say';
import { seal } from '../../functions/shared/src/seal';
import { command, failureOf, request } from './requests';
import { Secrets } from './secrets';
import { refuse, SIGNATURE, wireFor, type Json, type Script } from './wire';

const wire = wireFor({ SEAL: 'seal' });
const secrets = new Secrets().put('seal', 'generated-key');
const sealKey = createHash('sha256').update('generated-key').digest();

/** The state of a machine as it began, and what a test adds. */
function state<More extends object>(type: Request['RequestType'], more: More): MachineInput & More {
  const Request = request(type, type === 'Create' ? {} : { PhysicalResourceId: 'cks-1' });
  return {
    Request,
    SealedResponseUrl: seal(sealKey, wire.answerUrl, Request),
    SettleSeconds: 0,
    PhysicalResourceId: Request.PhysicalResourceId ?? 'key-store-not-created',
    Command: command(),
    ...more,
  };
}

type Handler = typeof import('../../functions/send-cfn-response/src/index').handler;

async function send(event: Parameters<Handler>[0], script: Script = { 'PUT /answer': [{}] }): Promise<Json> {
  const { handler } = await import('../../functions/send-cfn-response/src/index');
  wire.script({ ...secrets.answers, ...script });
  return handler(event);
}

const answers = () => wire.inputs('PUT /answer');

/** The Reason that CloudFormation is told when a create ended with this error. */
async function reason(Error: string, Cause?: string): Promise<string> {
  await send(state('Create', { Error: { Error, ...(Cause !== undefined && { Cause }) } }));
  expect(answers()[0]).toMatchObject({ Status: 'FAILED' });
  const text = String(answers()[0]?.['Reason']);
  expect(text).not.toMatch(/\{\w+\}|undefined/);
  return text;
}

/** The Cause of a function that threw, as Step Functions shows it. */
const thrown = (errorType: string, errorMessage: string) => JSON.stringify({ errorType, errorMessage, trace: ['Error: secret', '    at index.js:1'] });
/** The Cause of a nested execution that failed. */
const nested = (Error: string, Cause: string) => JSON.stringify({ ExecutionArn: 'arn:of:the:child', Status: 'FAILED', Error, Cause, Input: '{}' });

describe('the answer', () => {
  it('is SUCCESS when the state has no error, and goes back to the machine', async () => {
    expect(await send(state('Create', { KeyStore: { KeyStoreId: 'cks-1' } }))).toEqual({ Status: 'SUCCESS', Reason: 'Done' });
    const { StackId, RequestId, LogicalResourceId } = request('Create');
    expect(answers()).toEqual([{ Status: 'SUCCESS', Reason: 'Done', PhysicalResourceId: 'cks-1', StackId, RequestId, LogicalResourceId }]);
  });

  it('is FAILED when the state has an error, with the same Reason for the machine', async () => {
    const error = { Error: 'Refused', Cause: thrown('Refused', 'Nothing was changed. (1) No HSM.') };
    const Reason = 'Nothing was changed. (1) No HSM.';
    expect(await send(state('Create', { Error: error }))).toEqual({ Status: 'FAILED', Reason });
    expect(answers()[0]).toMatchObject({ Status: 'FAILED', Reason });
  });

  it.each<[Request['RequestType'], Json, string]>([
    ['Create', {}, 'key-store-not-created'],
    ['Create', { KeyStore: { KeyStoreId: 'cks-9' } }, 'cks-9'],
    ['Create', { KeyStore: { KeyStoreId: 'cks-9' }, Error: { Error: 'X' } }, 'cks-9'],
    ['Update', {}, 'cks-1'],
    ['Update', { KeyStore: { KeyStoreId: 'cks-1' } }, 'cks-1'],
    // A store that was gone and made again: with SUCCESS only, or CloudFormation would delete the id that its rollback asks for.
    ['Update', { KeyStore: { KeyStoreId: 'cks-9' } }, 'cks-9'],
    ['Update', { KeyStore: { KeyStoreId: 'cks-9' }, Error: { Error: 'X' } }, 'cks-1'],
    ['Update', { Error: { Error: 'X' } }, 'cks-1'],
    ['Delete', { KeyStore: { KeyStoreId: 'cks-9' } }, 'cks-1'],
    ['Delete', { KeyStore: { KeyStoreId: '' }, Error: { Error: 'X' } }, 'cks-1'],
  ])('to a %s with %j has the physical id %s', async (type, more, id) => {
    await send(state(type, more));
    expect(answers()[0]?.['PhysicalResourceId']).toBe(id);
  });

  it('goes to the signed address, with an empty content type and its length in bytes', async () => {
    await send(state('Create', { Error: { Error: 'Refused', Cause: thrown('Refused', 'Schlüssel 🔑') } }));
    const put = wire.calls.at(-1);
    expect(put?.url).toContain(SIGNATURE);
    expect(put?.headers['content-type']).toBe('');
    expect(put?.headers['content-length']).toBe(String(Buffer.byteLength(put?.body ?? '')));
  });

  it.each([
    ['ASCII', 'a'],
    ['characters of two bytes', 'ü'],
    ['characters of four bytes', '🔑'],
    ['characters that JSON escapes', '"\n'],
  ])('is at most 4,096 bytes when the text is long, of %s, and keeps the remedy', async (_what, text) => {
    const Reason = await reason('States.TaskFailed', nested('INVALID_CREDENTIALS', text.repeat(20_000)));
    const body = wire.calls.at(-1)?.body ?? '';
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(4096);
    expect(Buffer.byteLength(body)).toBeGreaterThan(4000);
    expect(Reason.startsWith(messages.INVALID_CREDENTIALS)).toBe(true);
    expect(Reason.endsWith('...')).toBe(true);
  });
});

describe('a PUT that fails', () => {
  it('is tried again with the same verdict', async () => {
    const broken = refuse('InternalError', 'broken', 500);
    await send(state('Create', {}), { 'PUT /answer': [broken, broken, {}] });
    expect(new Set(wire.calls.filter(({ name }) => name === 'PUT /answer').map(({ body }) => body)).size).toBe(1);
    expect(answers()).toHaveLength(3);
    expect(wire.pauses).toEqual([2000, 4000]);
  });

  it('for ever ends in an error that says so, and nothing of the address', async () => {
    const { name, message } = await failureOf(send(state('Create', {}), { 'PUT /answer': refuse('AccessDenied', 'Request has expired', 403) }));
    expect(name).toBe('AnswerNotTaken');
    expect(message).toMatch(/did not take the answer to request 7f1f9d1e-.* in 4 attempts: HTTP status 403/);
    expect(message).not.toContain(SIGNATURE);
    expect(message).not.toContain('127.0.0.1');
    expect(answers()).toHaveLength(4);
  });

  it('because the address is no address ends in an error that does not quote it', async () => {
    const Request = request('Create');
    const event = { ...state('Create', {}), SealedResponseUrl: seal(sealKey, `no address?${SIGNATURE}`, Request) };
    const { name, message } = await failureOf(send(event, {}));
    expect(name).toBe('AnswerNotTaken');
    expect(message).not.toContain(SIGNATURE);
  });
});

describe('the sealed address', () => {
  it.each<[string, Partial<Request>]>([
    ['another request', { RequestId: '7f1f9d1e-0000-4000-8000-000000000002' }],
    ['another stack', { StackId: 'arn:aws:cloudformation:eu-central-1:111122223333:stack/other/0a1b2c3d' }],
  ])('of %s does not open: nothing is sent', async (_what, other) => {
    const event = { ...state('Create', {}), SealedResponseUrl: seal(sealKey, wire.answerUrl, request('Create', other)) };
    await failureOf(send(event, {}));
    expect(answers()).toEqual([]);
  });

  it('waits for a seal key that cannot be read at the moment', async () => {
    const script = { 'secretsmanager:GetSecretValue': refuse('ThrottlingException', 'Rate exceeded') };
    expect((await failureOf(send(state('Create', {}), script))).name).toBe('TransientError');
  });
});

describe('the Reason says first what to do', () => {
  // All that are of a CloudHSM key store (KMS API Reference, CustomKeyStoresListEntry).
  it.each([
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
  ] as const)('when KMS could not connect because of %s', async (code) => {
    expect(await reason('States.TaskFailed', nested(code, 'Key store cks-1 is FAILED'))).toBe(`${messages[code]}. (${code}: Key store cks-1 is FAILED)`);
  });

  const EXCEPTIONS: [string, string][] = [
    ['CustomKeyStoreNameInUseException', messages.KMS_NAME_IN_USE],
    ['CloudHsmClusterInUseException', messages.KMS_CLUSTER_IN_USE],
    ['CloudHsmClusterNotFoundException', messages.KMS_CLUSTER_MISSING],
    ['CloudHsmClusterNotActiveException', messages.KMS_CLUSTER_NOT_ACTIVE],
    ['CloudHsmClusterInvalidConfigurationException', messages.KMS_CLUSTER_UNFIT],
    ['CloudHsmClusterNotRelatedException', messages.KMS_CLUSTER_UNRELATED],
    ['IncorrectTrustAnchorException', messages.KMS_OTHER_CERTIFICATE],
    ['LimitExceededException', messages.KMS_LIMIT],
    ['CustomKeyStoreInvalidStateException', messages.KMS_INVALID_STATE],
    ['CustomKeyStoreNotFoundException', messages.KMS_KEY_STORE_MISSING],
  ];

  it.each(EXCEPTIONS)('when a function was refused with %s', async (name, remedy) => {
    expect(await reason(name, thrown(name, 'refused by KMS'))).toBe(`${remedy}. (${name}: refused by KMS)`);
  });

  it.each(EXCEPTIONS)('when a state machine was refused with Kms.%s', async (name, remedy) => {
    const words = 'refused by KMS (Service: Kms, Status Code: 400)';
    expect(await reason(`Kms.${name}`, words)).toBe(`${remedy}. (Kms.${name}: ${words})`);
  });

  it.each(EXCEPTIONS)('when a nested execution was refused with Kms.%s', async (name, remedy) => {
    expect(await reason('States.TaskFailed', nested(`Kms.${name}`, 'refused by KMS'))).toBe(`${remedy}. (Kms.${name}: refused by KMS)`);
  });

  it.each(['ResourceNotFoundException', 'InvalidRequestException'])('when a secret of the stack is missing (%s)', async (name) => {
    expect(await reason(name, thrown(name, 'no secret'))).toBe(`${messages.STACK_SECRET_MISSING}. (${name}: no secret)`);
  });

  const DENIED = 'User: arn:aws:sts::111122223333:assumed-role/role/session is not authorized to perform: kms:ConnectCustomKeyStore';

  it.each<[string, string, string]>([
    ['AccessDeniedException', 'denied', messages.AWS_DENIED],
    ['CloudHsmAccessDeniedException', 'denied', messages.AWS_DENIED],
    ['UnauthorizedOperation', 'denied', messages.AWS_DENIED],
    ['Kms.KmsException', DENIED, messages.AWS_DENIED],
    ['Ssm.SsmException', DENIED, messages.AWS_DENIED],
    ['AccessDeniedException', 'Access to KMS is not allowed', messages.AWS_DENIED],
    ['ThrottlingException', 'slow down', messages.AWS_THROTTLED],
    ['TooManyRequestsException', 'slow down', messages.AWS_THROTTLED],
    ['RequestLimitExceeded', 'slow down', messages.AWS_THROTTLED],
    ['Kms.KmsException', 'Rate exceeded (Service: Kms, Status Code: 400)', messages.AWS_THROTTLED],
    ['KMSInternalException', 'broken', messages.AWS_FAILED],
    ['Kms.KmsInternalException', 'broken', messages.AWS_FAILED],
    ['InternalServiceError', 'broken', messages.AWS_FAILED],
    ['Ssm.InternalServerErrorException', 'broken', messages.AWS_FAILED],
    ['Kms.SdkClientException', 'Unable to execute HTTP request', messages.AWS_FAILED],
    ['ServiceUnavailable', 'broken', messages.AWS_FAILED],
    ['DependencyTimeoutException', 'slow', messages.AWS_FAILED],
    ['TimeoutError', 'socket hang up', messages.AWS_FAILED],
    ['Error', 'connect ECONNREFUSED 10.0.0.1:443', messages.AWS_FAILED],
    ['Error', 'getaddrinfo EAI_AGAIN kms.eu-central-1.amazonaws.com', messages.AWS_FAILED],
  ])('when AWS answered %s: %s', async (name, words, remedy) => {
    expect(await reason(name, words)).toBe(`${remedy}. (${name}: ${words})`);
    expect(await reason('TransientError', thrown('TransientError', `${name.replace('.', '')}: ${words}`))).toBe(`${remedy}. (${name.replace('.', '')}: ${words})`);
  });

  it.each<[string, string | undefined]>([
    ['States.Timeout', undefined],
    ['Sandbox.Timedout', '{"errorMessage":"RequestId: 1 Error: Task timed out after 30.00 seconds"}'],
    ['Runtime.ExitError', '{"errorType":"Runtime.ExitError","errorMessage":"RequestId: 1 Error: Runtime exited"}'],
    ['Lambda.Unknown', 'The cause could not be determined because Lambda did not return an error type.'],
    ['Lambda.TooManyRequestsException', 'Rate Exceeded.'],
    ['Lambda.ServiceException', undefined],
  ])('when a function failed as a whole with %s', async (name, cause) => {
    const text = await reason(name, cause);
    expect(text.startsWith(`${messages.FUNCTION_FAILED}. (${name}`)).toBe(true);
    expect(text.endsWith(')')).toBe(true);
  });
});

describe('the Reason', () => {
  it.each(['Refused', 'KmsUserClientNotReachable', 'KeyStoreNotSettled'])('is the text of our own error %s, and nothing else', async (name) => {
    expect(await reason(name, thrown(name, 'What is wrong. What to do'))).toBe('What is wrong. What to do');
  });

  const waited = JSON.stringify({ KeyStoreId: 'cks-1', Described: { KeyStore: { ConnectionState: 'CONNECTING' } }, Wait: { Count: 350 } });

  it.each<[string, string]>([
    ['ConnectionNotSettled', say(messages.NOT_CONNECTED, { id: 'cks-1', state: 'CONNECTING', looks: 350 })],
    ['KeyStoreDisconnected', say(messages.DISCONNECTED_AGAIN, { id: 'cks-1' })],
    ['KeyStoreNotDisconnected', say(messages.NOT_DISCONNECTED, { id: 'cks-1', state: 'CONNECTING' })],
  ])('of the nested machine that ended with %s tells of its key store', async (name, text) => {
    expect(await reason('States.TaskFailed', nested(name, waited))).toBe(text);
  });

  it('of an error that nobody knows names it, and says where to look', async () => {
    expect(await reason('TypeError', thrown('TypeError', 'x is not a function'))).toBe(`${messages.UNEXPECTED}. (TypeError: x is not a function)`);
  });

  it.each<[string, string | undefined, string]>([
    ['Strange', 'null', '(Strange: null)'],
    ['Strange', '"text"', '(Strange: "text")'],
    ['Strange', '{}', '(Strange)'],
    ['Strange', '', '(Strange)'],
    ['Strange', undefined, '(Strange)'],
  ])('of %s with the cause %s names the error', async (name, cause, behind) => {
    expect(await reason(name, cause)).toBe(`${messages.UNEXPECTED}. ${behind}`);
  });

  it('of a function that failed in a nested execution is that of the function, without its stack', async () => {
    const failed = JSON.stringify({ errorType: 'TransientError', errorMessage: 'ThrottlingException: Rate exceeded', trace: ['at somewhere (/var/task/index.js:1)'] });
    expect(await reason('States.TaskFailed', nested('TransientError', failed))).toBe(`${messages.AWS_THROTTLED}. (ThrottlingException: Rate exceeded)`);
  });

  it.each(['TIMED_OUT', 'ABORTED'])('of a nested execution that ended %s says so', async (status) => {
    const cause = JSON.stringify({ Name: 'child', Status: status });
    expect(await reason('States.TaskFailed', cause)).toBe(say(messages.NESTED_ENDED, { status, execution: 'child' }));
  });

  it('of an error that stayed although it was tried again, and of which AWS says nothing, is its own text', async () => {
    const words = "The ledger's version 1 is not visible yet";
    expect(await reason('TransientError', thrown('TransientError', words))).toBe(`${messages.UNEXPECTED}. (TransientError: ${words})`);
  });

  it('never holds a stack trace', async () => {
    expect(await reason('TypeError', thrown('TypeError', 'x is no function'))).not.toMatch(/ at |index\.js/);
  });
});

describe('the safety net, for an execution that ended', () => {
  const ended = (status: string, more: Json = {}, type: Request['RequestType'] = 'Create') => ({
    detail: { executionArn: 'arn:of:the:execution', status, input: JSON.stringify(state(type, {})), error: null, cause: null, ...more },
  });

  it.each(['FAILED', 'TIMED_OUT', 'ABORTED'])('%s without an answer answers FAILED, and says which', async (status) => {
    await send(ended(status));
    const { StackId, RequestId, LogicalResourceId } = request('Create');
    expect(answers()).toEqual([
      {
        Status: 'FAILED',
        Reason: say(messages.EXECUTION_ENDED, { status, execution: 'arn:of:the:execution', error: '' }),
        PhysicalResourceId: 'key-store-not-created',
        StackId,
        RequestId,
        LogicalResourceId,
      },
    ]);
  });

  it('says what the execution died of', async () => {
    await send(ended('FAILED', { error: 'States.Runtime', cause: 'A path was not there' }));
    const error = `: ${messages.UNEXPECTED}. (States.Runtime: A path was not there)`;
    expect(answers()[0]?.['Reason']).toBe(say(messages.EXECUTION_ENDED, { status: 'FAILED', execution: 'arn:of:the:execution', error }));
  });

  it.each(['Update', 'Delete'] as const)('answers an %s with the id that CloudFormation asked for', async (type) => {
    await send(ended('ABORTED', {}, type));
    expect(answers()[0]).toMatchObject({ Status: 'FAILED', PhysicalResourceId: 'cks-1' });
  });

  const stopped = (name: string) => ended('ABORTED', { error: 'Superseded', executionArn: `arn:aws:states:eu-central-1:111122223333:execution:m:1b0bca45-${name}-0123456789abcdef` });

  it('sends nothing when a later request has stopped the execution, and its date makes sure of that', async () => {
    await send(stopped('20261125T100010Z'), {});
    expect(wire.calls).toEqual([]);
  });

  it('answers when a request has stopped the execution that is later by its start only', async () => {
    await send(stopped('undated'));
    expect(answers()).toHaveLength(1);
  });

  it('sends nothing when the execution has answered FAILED itself, and reads no seal key', async () => {
    expect(await send(ended('FAILED', { error: 'RequestFailed', cause: 'The cluster is gone' }), {})).toEqual({ Status: 'FAILED', Reason: 'The cluster is gone' });
    expect(wire.calls).toEqual([]);
  });
});

describe('the safety net, for a request that never started an execution', () => {
  const failed = (type: Request['RequestType'], more: Partial<Request>, response: Json = {}) => ({
    requestPayload: { ...request(type), ResponseURL: wire.answerUrl, ...more },
    ...response,
  });

  it.each<[Request['RequestType'], Partial<Request>, string]>([
    ['Create', {}, 'key-store-not-created'],
    ['Update', { PhysicalResourceId: 'cks-1' }, 'cks-1'],
    ['Delete', { PhysicalResourceId: 'cks-1' }, 'cks-1'],
  ])('answers a %s with %j FAILED, with the id %s', async (type, more, id) => {
    await send(failed(type, more, { responsePayload: { errorType: 'Sandbox.Timedout', errorMessage: 'Task timed out' } }));
    expect(answers()[0]).toMatchObject({
      Status: 'FAILED',
      PhysicalResourceId: id,
      Reason: say(messages.NOT_STARTED, { error: 'Task timed out' }),
      RequestId: request(type).RequestId,
    });
  });

  it('answers FAILED when the event grew too old to be delivered', async () => {
    await send(failed('Create', {}));
    expect(answers()[0]).toMatchObject({ Status: 'FAILED', Reason: say(messages.NOT_STARTED, { error: 'the function did not answer' }) });
  });
});
