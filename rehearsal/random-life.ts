import fc from 'fast-check';
import type { Fault } from '../simulator/faults';
import type { Crash } from '../simulator/lambda/crash';
import { OTHERS, type Happening, type Life } from './play-life';
import { INTERFERING, type HandName } from './promises/hands';
import type { Operation } from './promises/lead';

/** The changes that an update may ask for. */
const CHANGES: readonly Record<string, readonly string[]>[] = [
  { pKeyStoreName: ['payments', 'ledgers', 'cloudhsm-key-store'] },
  { pDeleteKeyStoreUponStackDeletion: ['true', 'false'] },
  { pKmsUserPasswordRotation: ['2026-01', '2026-02', ''] },
  { pCloudHsmClusterId: [OTHERS.relative, OTHERS.relative, OTHERS.stranger, 'cluster-nobody22222'] },
  { pClientInstanceId: [OTHERS.client] },
  { pCloudHsmAdminPasswordSecretName: [OTHERS.adminSecret, 'hsm/admin-password'] },
  { pCloudHsmCustCaCertSecretName: [OTHERS.caSecret, 'hsm/customer-ca'] },
  { pEnvPurpose: ['2', '1'] },
];

/** Calls that may fail, and how each service names a failure of its own (the API reference of each). */
const CALLS: readonly [string, readonly string[], string][] = [
  ['kms', ['CreateCustomKeyStore', 'ConnectCustomKeyStore', 'DisconnectCustomKeyStore'], 'KMSInternalException'],
  ['kms', ['DescribeCustomKeyStores', 'UpdateCustomKeyStore', 'DeleteCustomKeyStore'], 'KMSInternalException'],
  ['secretsmanager', ['GetSecretValue', 'PutSecretValue'], 'InternalServiceError'],
  ['ssm', ['SendCommand', 'GetCommandInvocation', 'DescribeInstanceInformation'], 'InternalServerError'],
  ['states', ['StartExecution', 'ListExecutions', 'StopExecution'], 'InternalFailure'],
  ['cloudhsm', ['DescribeClusters'], 'CloudHsmInternalFailureException'],
];

const FUNCTIONS = ['custom-resource', 'check-prerequisites', 'manage-kms-user', 'manage-key-store', 'send-cfn-response'];
const DELETE_IT = { pDeleteKeyStoreUponStackDeletion: 'true' };
/** What may happen at any time. */
const ALWAYS: readonly HandName[] = ['stores a wrong admin password', 'stores the right admin password', 'sends the last request again'];

const changes = fc.constantFrom(...CHANGES).chain((change) => {
  const values = Object.entries(change).map(([name, texts]) => [name, fc.constantFrom(...texts)] as const);
  return fc.record(Object.fromEntries(values));
});

const faults: fc.Arbitrary<Fault> = fc.constantFrom(...CALLS).chain(([service, operations, code]) =>
  fc
    .tuple(
      fc.constantFrom(...operations),
      fc.nat(3),
      fc.constantFrom<Partial<Fault>>({ code }, { code, times: 3 }, { code: 'ThrottlingException', times: 2 }, { answer: 'lost' }, { answer: 'stale' }),
    )
    .map(([operation, skip, kind]) => ({ service, operation, skip, ...kind })),
);

const crashes: fc.Arbitrary<Crash> = fc.record({ functionName: fc.constantFrom(...FUNCTIONS), skip: fc.nat(3), afterRequests: fc.nat(3) });

/** Most of what is delicate happens in the first two minutes; connecting takes eight. */
const seconds = fc.oneof({ arbitrary: fc.nat(119), weight: 7 }, { arbitrary: fc.nat(699), weight: 3 });

/** An operation on the stack; in two of five a hand comes into it. */
function operations(what: Operation, parameters: fc.Arbitrary<Record<string, string> | undefined>, hands: readonly HandName[]): fc.Arbitrary<Happening> {
  const meanwhile = fc.record({ hand: fc.constantFrom(...hands, ...INTERFERING), after: seconds });
  return fc
    .tuple(parameters, fc.oneof({ arbitrary: fc.constant(undefined), weight: 3 }, { arbitrary: meanwhile, weight: 2 }))
    .map(([wanted, comesIn]) => ({ do: what, ...(wanted && { parameters: wanted }), ...(comesIn && { meanwhile: comesIn }) }));
}

const calledOff: HandName[] = ['stops the create', 'stops the connection', 'deletes the stack', 'deletes the stack'];
const creates = operations('create', fc.constantFrom(undefined, DELETE_IT), [...calledOff, ...ALWAYS]);
const twoChanges = fc.tuple(changes, changes).map(([one, other]) => ({ ...one, ...other }));
const oneOrTwo = fc.oneof({ arbitrary: changes, weight: 7 }, { arbitrary: twoChanges, weight: 3 });
const updates = operations('update', oneOrTwo, ['stops the update', 'cancels the update', ...ALWAYS]);
const deletes = operations('delete', fc.constant(undefined), ['stops the delete', ...ALWAYS]);
const hands = fc.record({ hand: fc.constantFrom<HandName>(...INTERFERING, 'puts a KMS key into the key store', ...ALWAYS) });

const courses = fc.tuple(
  creates,
  fc.array(
    fc.oneof({ arbitrary: updates, weight: 5 }, { arbitrary: deletes, weight: 2 }, { arbitrary: creates, weight: 2 }, { arbitrary: hands, weight: 3 }),
    { minLength: 1, maxLength: 7 },
  ),
);
const trouble = fc.oneof(
  { arbitrary: faults.map((fault): Happening => ({ fault })), weight: 7 },
  { arbitrary: crashes.map((crash): Happening => ({ crash })), weight: 3 },
);
/** What goes wrong, and before which happening. */
const troubles = fc.array(fc.tuple(fc.nat(7), trouble), { maxLength: 2 });

/** Lives of a stack: created, changed and deleted, with what others do to what is theirs, and up to two faults. */
export const lives: fc.Arbitrary<Life> = fc
  .tuple(fc.noShrink(fc.integer({ min: 1, max: 1_000_000 })), courses, troubles)
  .map(([seed, [first, rest], wrong]) => {
    const happenings = possible([first, ...rest]);
    for (const [place, what] of wrong) happenings.splice(place, 0, what);
    return { seed, happenings };
  });

/** Without the operations that CloudFormation would refuse, as far as one can tell beforehand. */
function possible(happenings: readonly Happening[]): Happening[] {
  let there = false;
  return happenings.filter((happening) => {
    if (!('do' in happening)) return there;
    if ((happening.do === 'create') === there) return false;
    there = happening.do !== 'delete';
    return true;
  });
}
