import type { AwsEvent } from '../../simulator/events/aws-event';
import { timings } from '../../simulator/timings';
import { kmsUsers } from '../by-hand';
import type { World } from '../world';
import { onCalls, onRuns, onStates, throughout, type Armed, type FaultKind } from './fault-kind';
import { MODELLED_ERRORS } from './modelled-errors';

/** How each service answers when it throttles, and when it fails. Source: Common Error Types, and the API reference of each. */
const THROTTLED: Readonly<Record<string, string>> = {
  ec2: 'RequestLimitExceeded',
  lambda: 'TooManyRequestsException',
  servicequotas: 'TooManyRequestsException',
};
const FAILED: Readonly<Record<string, string>> = {
  cloudhsm: 'CloudHsmInternalFailureException',
  ec2: 'InternalError',
  kms: 'KMSInternalException',
  lambda: 'ServiceException',
  secretsmanager: 'InternalServiceError',
  servicequotas: 'ServiceException',
  ssm: 'InternalServerError',
  states: 'InternalFailure',
};
/** Longer than any time-out of a function; of a state's task as well. Virtual milliseconds. */
const SLOW = 150_000;
/** A role takes effect within seconds (IAM User Guide, troubleshoot: eventual consistency). Virtual milliseconds. */
const NEW_ROLE = 15_000;

const throttled = (service: string): string => THROTTLED[service] ?? 'ThrottlingException';
const failed = (service: string): string => FAILED[service] ?? 'InternalFailure';
const denied = (service: string): string => (service === 'ec2' ? 'UnauthorizedOperation' : 'AccessDeniedException');

const ofCalls: FaultKind[] = [
  onCalls({ name: 'throttled-once', shows: 'the call is throttled once', passes: true, fault: ({ service }) => ({ code: throttled(service) }) }),
  onCalls({ name: 'throttled-for-ever', shows: 'the call is throttled from then on', fault: ({ service }) => ({ code: throttled(service), times: Infinity }) }),
  onCalls({ name: 'server-error', shows: 'the service fails once', passes: true, fault: ({ service }) => ({ code: failed(service) }) }),
  onCalls({
    name: 'denied-at-first',
    shows: 'the role takes effect late',
    passes: true,
    fits: (_site, occurrence) => occurrence === 'first',
    fault: ({ service }) => ({ code: denied(service), times: Infinity, lasts: NEW_ROLE }),
  }),
  onCalls({ name: 'answer-lost', shows: 'done, but the answer is lost', fault: () => ({ answer: 'lost' }) }),
  onCalls({ name: 'slow', shows: 'done, but slower than the time-out', fault: () => ({ answer: SLOW }) }),
  onCalls({ name: 'stale', shows: 'a read shows what was before', fits: ({ mayBeStale }) => mayBeStale, fault: () => ({ answer: 'stale' }) }),
  ...[...new Set(Object.values(MODELLED_ERRORS).flat())].map((code) =>
    onCalls({
      name: code,
      shows: 'an error that the API lists',
      fits: ({ service, operation }) => MODELLED_ERRORS[`${service}:${operation}`]?.includes(code) ?? false,
      fault: () => ({ code }),
    }),
  ),
];

/** A run that makes so few requests has no middle. */
const crashes: [string, string, (requests: number) => number | undefined][] = [
  ['crash-at-start', 'the function crashes before its first call', () => 0],
  ['crash-after-first', 'the function crashes after its first call', (requests) => (requests > 0 ? 1 : undefined)],
  ['crash-in-the-middle', 'the function crashes between two calls', (requests) => (requests > 3 ? Math.ceil(requests / 2) : undefined)],
  ['crash-after-last', 'the function crashes after its last call', (requests) => (requests > 1 ? requests : undefined)],
];

const ofRuns = crashes.map(([name, shows, after]) => onRuns({ name, shows, after }));

const ofStates: FaultKind[] = [
  onStates({
    name: 'aborted',
    shows: 'an operator stops the execution',
    happens: ({ account: { aws, states } }, executionArn) => void states.operations['StopExecution']?.run({ executionArn }, aws.iam.deployer),
  }),
  onStates({
    name: 'client-offline',
    onClient: true,
    shows: 'the client loses its connection',
    happens: ({ account: { ssm }, instanceId }) => ssm.setOnline(instanceId, false),
    end: ({ account: { ssm }, instanceId }) => ssm.setOnline(instanceId, true),
  }),
  onStates({ name: 'client-rebooted', onClient: true, shows: 'the client restarts', happens: ({ account: { ssm }, instanceId }) => ssm.reboot(instanceId) }),
  onStates({
    name: 'hsm-lost',
    onClient: true,
    shows: 'an HSM is lost; another one takes its place later',
    happens: ({ account: { cloudHsm }, clusterId }) => void cloudHsm.cluster(clusterId).hsms.pop(),
    end: ({ account: { aws, cloudHsm }, clusterId }) => {
      if (cloudHsm.cluster(clusterId).hsms.length < 2) cloudHsm.addHsm(clusterId, `${aws.region}b`);
    },
  }),
  onStates({
    name: 'hsm-joins',
    onClient: true,
    shows: 'an HSM joins that the client does not know',
    happens: ({ account: { aws, cloudHsm }, clusterId }) => void cloudHsm.addHsm(clusterId, `${aws.region}a`, { knownToClient: false }),
    end: ({ account: { cloudHsm }, clusterId }) => {
      for (const hsm of cloudHsm.cluster(clusterId).hsms) hsm.knownToClient = true;
    },
  }),
  onStates({
    name: 'login-refused',
    onClient: true,
    shows: 'the admin password is another one',
    happens: ({ account: { secrets } }) => void secrets.put('hsm/admin-password', { SecretString: 'not-the-password' }),
    end: ({ account: { secrets }, adminPassword }) => void secrets.put('hsm/admin-password', { SecretString: adminPassword }),
  }),
];

/** Counts the events that Step Functions publishes, and has each handled in another way. */
function watchEvents({ account: { events } }: World, handle: (publish: (event: AwsEvent) => void, event: AwsEvent) => void): Armed {
  const publish = events.publish.bind(events);
  let published = 0;
  events.publish = (event) => {
    published++;
    handle(publish, event);
  };
  return {
    end: () => {
      events.publish = publish;
    },
    struck: () => published > 0,
  };
}

const ofOperations: FaultKind[] = [
  throughout({
    name: 'delivered-twice',
    shows: 'Lambda and EventBridge deliver everything twice',
    passes: true,
    begins: ({ account: { cloudFormation, events, lambda } }) => {
      const requests = (): number => Object.keys(cloudFormation.state.customResources.requests).length;
      const before = requests();
      lambda.duplicateAsync = 1;
      events.duplicates = 1;
      return {
        end: () => {
          lambda.duplicateAsync = 0;
          events.duplicates = 0;
        },
        struck: () => requests() > before,
      };
    },
  }),
  throughout({
    name: 'delivered-late',
    shows: 'events come two minutes late',
    passes: true,
    begins: (world) => {
      const { eventDelivery } = timings;
      timings.eventDelivery = 120_000;
      const { end, struck } = watchEvents(world, (publish, event) => publish(event));
      return {
        end: () => {
          timings.eventDelivery = eventDelivery;
          return end();
        },
        struck,
      };
    },
  }),
  throughout({
    name: 'functions-idle',
    shows: 'nobody has called a function for weeks',
    passes: true,
    onStack: true,
    begins: ({ account: { lambda } }) => {
      const functions = Object.values(lambda.state.functions);
      lambda.letIdle();
      return { end: () => undefined, struck: () => functions.some(({ activeAt = Infinity }) => activeAt < Infinity) };
    },
  }),
  throughout({
    name: 'net-lost',
    shows: 'the safety net gets no event',
    passes: true,
    begins: (world) => watchEvents(world, () => undefined),
  }),
  ...[[1, 503], [3, 500], [6, 503]].map(([times = 0, status = 0]) =>
    throughout({
      name: `put-refused-${times}`,
      shows: `the answer is refused ${times === 1 ? 'once' : `${times} times`}`,
      passes: true,
      begins: ({ account: { cloudFormation } }) => {
        cloudFormation.refusePuts(times, status);
        const { customResources } = cloudFormation.state;
        return { end: () => cloudFormation.refusePuts(0, 0), struck: () => customResources.toRefuse.puts < times };
      },
    }),
  ),
  throughout({
    name: 'kmsuser-owns-keys',
    shows: 'kmsuser owns keys',
    onStack: true,
    begins: (world) => {
      const users = kmsUsers(world);
      for (const user of users) user.ownsKeys = true;
      // They stay its own: the promises excuse a kmsuser that could not be deleted for that.
      return { end: () => undefined, struck: () => users.length > 0 };
    },
  }),
];

/** Every kind of fault. */
export const FAULT_KINDS: readonly FaultKind[] = [...ofCalls, ...ofRuns, ...ofStates, ...ofOperations];
