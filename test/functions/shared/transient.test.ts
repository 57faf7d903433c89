import { isRefusal, isTransient, retryable } from '../../../functions/shared/src/transient';
import { failureOf } from '../requests';

/** An error as the AWS SDK for JavaScript v3 throws it. */
const sdkError = (name: string, more: { $fault?: string; code?: string } = {}) => Object.assign(new Error('The text'), { name, $fault: 'client', ...more });

it.each([
  ['KMS, throttled', sdkError('ThrottlingException')],
  ['Lambda or Step Functions, throttled', sdkError('TooManyRequestsException')],
  ['an old service, throttled', sdkError('RequestLimitExceeded')],
  ['a role that has not taken effect', sdkError('AccessDeniedException')],
  ['CloudHSM, where a role has not taken effect', sdkError('CloudHsmAccessDeniedException')],
  ['EC2, where a role has not taken effect', sdkError('UnauthorizedOperation')],
  ['KMS, broken', sdkError('KMSInternalException')],
  ['a dependency of KMS, silent', sdkError('DependencyTimeoutException')],
  ['Systems Manager, broken', sdkError('InternalServerError')],
  ['Secrets Manager, broken', sdkError('InternalServiceError')],
  ['CloudHSM, broken', sdkError('CloudHsmInternalFailureException')],
  ['any service, broken, by its HTTP status', sdkError('ServiceUnavailable', { $fault: 'server' })],
  ['no answer in time', sdkError('TimeoutError')],
  ['a connection that was cut', sdkError('Error', { code: 'ECONNRESET' })],
  ['a connection that was refused', sdkError('Error', { code: 'ECONNREFUSED' })],
  ['a pipe that broke', sdkError('Error', { code: 'EPIPE' })],
  ['a name that does not resolve at the moment', sdkError('Error', { code: 'EAI_AGAIN' })],
])('may go away by itself: %s', async (_what, error) => {
  expect(isTransient(error)).toBe(true);
  const { name, message } = await failureOf(retryable(() => Promise.reject(error))({}));
  expect(name).toBe('TransientError');
  expect(message).toBe(`${error.name}: The text`);
});

it.each([
  'ResourceNotFoundException',
  'ValidationException',
  'InvalidInstanceId',
  'LimitExceededException',
  'CustomKeyStoreNotFoundException',
  'CustomKeyStoreNameInUseException',
  'CustomKeyStoreInvalidStateException',
  'CloudHsmClusterInUseException',
  'CloudHsmClusterNotFoundException',
  'CloudHsmClusterNotActiveException',
  'CloudHsmClusterInvalidConfigurationException',
  'IncorrectTrustAnchorException',
  'ExecutionAlreadyExists',
  'StateMachineDoesNotExist',
  'KmsUserClientNotReachable',
  'Refused',
  'AnswerNotTaken',
  'TypeError',
])('stays until somebody acts, and keeps its name: %s', async (name) => {
  const error = sdkError(name);
  expect(isTransient(error)).toBe(false);
  expect(await failureOf(retryable(() => Promise.reject(error))({}))).toBe(error);
});

it.each([undefined, null, 'ThrottlingException', { name: 'ThrottlingException' }])('what is no error is not transient: %j', (thrown) => {
  expect(isTransient(thrown)).toBe(false);
});

it('a handler that succeeds answers what it did', async () => {
  expect(await retryable((event: number) => Promise.resolve(event + 1))(1)).toBe(2);
});

it.each([
  [400, true],
  [403, true],
  [499, true],
  [200, false],
  [500, false],
  [503, false],
])('an answer with HTTP status %i shows that nothing was done: %s', (httpStatusCode, refused) => {
  expect(isRefusal(Object.assign(sdkError('ThrottlingException'), { $metadata: { httpStatusCode } }))).toBe(refused);
});

it('an error without an answer leaves open whether anything was done', () => {
  expect(isRefusal(sdkError('TimeoutError'))).toBe(false);
  expect(isRefusal(Object.assign(sdkError('TimeoutError'), { $metadata: { attempts: 1 } }))).toBe(false);
});
