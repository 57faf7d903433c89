import { createHash } from 'node:crypto';
import type { MachineInput, Request } from '../../functions/shared/src/request';
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
  return String(answers()[0]?.['Reason']);
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
    const error = { Error: 'PrerequisitesNotMet', Cause: thrown('PrerequisitesNotMet', 'Nothing was changed. (1) No HSM.') };
    const Reason = 'Nothing was changed. (1) No HSM.';
    expect(await send(state('Create', { Error: error }))).toEqual({ Status: 'FAILED', Reason });
    expect(answers()[0]).toMatchObject({ Status: 'FAILED', Reason });
  });

  it.each<[Request['RequestType'], Json, string]>([
    ['Create', {}, 'key-store-not-created'],
    ['Create', { KeyStore: { KeyStoreId: 'cks-9' } }, 'cks-9'],
    ['Create', { KeyStore: { KeyStoreId: 'cks-9' }, Error: { Error: 'X' } }, 'cks-9'],
    ['Update', {}, 'cks-1'],
    ['Update', { KeyStore: { KeyStoreId: 'cks-9' } }, 'cks-1'],
    ['Delete', { KeyStore: { KeyStoreId: 'cks-9' } }, 'cks-1'],
    ['Delete', { KeyStore: { KeyStoreId: '' }, Error: { Error: 'X' } }, 'cks-1'],
  ])('to a %s with %j has the physical id %s', async (type, more, id) => {
    await send(state(type, more));
    expect(answers()[0]?.['PhysicalResourceId']).toBe(id);
  });

  it('goes to the signed address, with an empty content type and its length in bytes', async () => {
    await send(state('Create', { Error: { Error: 'KmsUserExists', Cause: thrown('KmsUserExists', 'Schlüssel 🔑') } }));
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
    expect(Reason).toMatch(/^KMS was refused with the password of kmsuser.*\.\.\.$/s);
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
  const CODES: [string, RegExp][] = [
    ['INTERNAL_ERROR', /^KMS could not complete the connection\. Try again/],
    ['NETWORK_ERRORS', /^KMS could not reach the cluster\. Check the security group/],
    ['CLUSTER_NOT_FOUND', /^KMS could not find the cluster\. Check that it exists/],
    ['INSUFFICIENT_CLOUDHSM_HSMS', /^The cluster has no active HSM\. Add HSMs/],
    ['INSUFFICIENT_FREE_ADDRESSES_IN_SUBNET', /^A subnet of the cluster has no free IP address\. Free at least one/],
    ['SUBNET_NOT_FOUND', /^A subnet of the cluster was deleted\. Restore the cluster/],
    ['INVALID_CREDENTIALS', /^KMS was refused with the password of kmsuser\..*delete kmsuser/],
    ['USER_LOCKED_OUT', /^kmsuser is locked out.*Delete kmsuser/],
    ['USER_LOGGED_IN', /^Somebody is logged in.*as kmsuser\. Log that session out/],
    ['USER_NOT_FOUND', /^kmsuser is missing on at least one HSM.*configure-cli -a/],
  ];

  it.each(CODES)('when KMS could not connect because of %s', async (code, remedy) => {
    const text = await reason('States.TaskFailed', nested(code, 'Key store cks-1 is FAILED'));
    expect(text).toMatch(remedy);
    expect(text).toContain(`(${code}: Key store cks-1 is FAILED)`);
  });

  const EXCEPTIONS: [string, RegExp][] = [
    ['CustomKeyStoreNameInUseException', /^Another key store.*Choose another pKeyStoreName/],
    ['CloudHsmClusterInUseException', /^The cluster, or one restored.*Use another cluster/],
    ['CloudHsmClusterNotFoundException', /^There is no such cluster.*Check pCloudHsmClusterId/],
    ['CloudHsmClusterNotActiveException', /^The cluster is not ACTIVE\. Initialize/],
    ['CloudHsmClusterInvalidConfigurationException', /^The cluster needs two active HSMs.*2223-2225/],
    ['IncorrectTrustAnchorException', /^The certificate in pCloudHsmCustCaCertSecretName is not.*Put that one/],
    ['LimitExceededException', /^The account has as many key stores.*Delete one/],
    ['CustomKeyStoreInvalidStateException', /^The key store is in a state.*try again/],
    ['CustomKeyStoreNotFoundException', /^The key store is gone\. Remove the resource/],
  ];

  it.each(EXCEPTIONS)('when a function was refused with %s', async (name, remedy) => {
    const text = await reason(name, thrown(name, 'refused by KMS'));
    expect(text).toMatch(remedy);
    expect(text).toContain(`(${name}: refused by KMS)`);
  });

  it.each(EXCEPTIONS)('when a state machine was refused with Kms.%s', async (name, remedy) => {
    expect(await reason(`Kms.${name}`, 'refused by KMS (Service: Kms, Status Code: 400)')).toMatch(remedy);
  });

  it('when a nested execution was refused by KMS', async () => {
    const text = await reason('States.TaskFailed', nested('Kms.CloudHsmClusterNotActiveException', 'It is not active'));
    expect(text).toMatch(/^The cluster is not ACTIVE\..*\(Kms\.CloudHsmClusterNotActiveException: It is not active\)$/);
  });

  it.each(['ResourceNotFoundException', 'SecretsManager.ResourceNotFoundException'])('when a secret is missing (%s)', async (name) => {
    expect(await reason(name, "Secrets Manager can't find the specified secret.")).toMatch(/^A secret is missing or has no value\. Check the names/);
  });
});

describe('the Reason', () => {
  it.each([
    'PrerequisitesNotMet',
    'ClientCommandFailed',
    'KmsUserClientNotReachable',
    'KmsUserExists',
    'KmsUserNotChanged',
    'KmsUserIncomplete',
    'AdminLoginSpent',
    'AdminSecretNotUsable',
    'UpdateNotSupported',
    'KeyStoreUnknown',
    'KeyStoreLedgerIncomplete',
    'KeyStoreLedgerUnreadable',
    'KeyStoreNotYetVisible',
  ])('is the text of our own error %s, and nothing else', async (name) => {
    expect(await reason(name, thrown(name, 'What is wrong. What to do'))).toBe('What is wrong. What to do');
  });

  it.each(['ConnectionNotSettled', 'KeyStoreDisconnected'])('is the text of the nested machine that ended with %s', async (name) => {
    expect(await reason('States.TaskFailed', nested(name, 'What is wrong. What to do'))).toBe('What is wrong. What to do');
  });

  it('of an error that nobody knows names it, and says where to look', async () => {
    expect(await reason('TypeError', thrown('TypeError', 'x is undefined'))).toBe("TypeError: x is undefined. See the execution's history in the Step Functions console");
  });

  it.each([
    ['States.Timeout', undefined],
    ['Sandbox.Timedout', 'RequestId: 1 Error: Task timed out after 30.00 seconds'],
    ['Strange', 'null'],
    ['Strange', '"text"'],
    ['Strange', ''],
  ])('of %s with the cause %s names the error', async (name, cause) => {
    const text = await reason(name, cause);
    expect(text.startsWith(name)).toBe(true);
    expect(text).toMatch(/See the execution's history/);
  });

  it('of a nested execution that ran out of time says so', async () => {
    expect(await reason('States.TaskFailed', JSON.stringify({ Name: 'child', Status: 'TIMED_OUT' }))).toContain('nested execution child ended TIMED_OUT');
  });

  it.each<[string, RegExp]>([
    ['ResourceNotFoundException: No such secret', /^A secret is missing.*\(ResourceNotFoundException: No such secret\)$/],
    ['ThrottlingException: Rate exceeded', /^ThrottlingException: Rate exceeded\. See the execution's history/],
  ])('of an error that stayed although it was tried again is about that error: %s', async (message, text) => {
    expect(await reason('TransientError', thrown('TransientError', message))).toMatch(text);
  });

  it('never holds a stack trace', async () => {
    expect(await reason('TypeError', thrown('TypeError', 'x is undefined'))).not.toMatch(/ at |index\.js/);
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
        Reason: `Execution arn:of:the:execution ended ${status} before it answered. Try again`,
        PhysicalResourceId: 'key-store-not-created',
        StackId,
        RequestId,
        LogicalResourceId,
      },
    ]);
  });

  it('says what the execution died of', async () => {
    await send(ended('FAILED', { error: 'States.Runtime', cause: 'A path was not there' }));
    expect(answers()[0]?.['Reason']).toContain('States.Runtime: A path was not there');
  });

  it('answers an Update and a Delete with the id that CloudFormation asked for', async () => {
    await send(ended('ABORTED', {}, 'Delete'));
    expect(answers()[0]).toMatchObject({ Status: 'FAILED', PhysicalResourceId: 'cks-1' });
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
    ['Delete', { PhysicalResourceId: 'cks-1' }, 'cks-1'],
  ])('answers a %s with %j FAILED, with the id %s', async (type, more, id) => {
    await send(failed(type, more, { responsePayload: { errorType: 'Sandbox.Timedout', errorMessage: 'Task timed out' } }));
    expect(answers()[0]).toMatchObject({
      Status: 'FAILED',
      PhysicalResourceId: id,
      Reason: 'The request could not be started: Task timed out. Try again',
      RequestId: request(type).RequestId,
    });
  });

  it('answers FAILED when the event grew too old to be delivered', async () => {
    await send(failed('Create', {}));
    expect(answers()[0]).toMatchObject({ Status: 'FAILED', Reason: 'The request could not be started: the function did not answer. Try again' });
  });
});
