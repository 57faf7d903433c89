import type { KeyStoreEvent } from '../../functions/manage-key-store/src/step';
import type { Ledger } from '../../functions/shared/src/ledger';
import * as messages from '../../functions/shared/src/messages';
import type { KeyStoreProperties, Request } from '../../functions/shared/src/request';
import { say } from '../../functions/shared/src/say';
import { LAST_ATTEMPT } from '../../functions/shared/src/transient';
import { clusterWith, failureOf, PROPERTIES, request } from './requests';
import { Secrets, WRITTEN_AT } from './secrets';
import { refuse, wireFor, type Json, type Script, type WireCall } from './wire';

const wire = wireFor({ LEDGER: 'ledger', CA_CERT_SECRET: 'ca-secret' });

const INTENT = 'R'.repeat(32);
const NAMED = { name: 'my-store', clusterId: PROPERTIES.CloudHsmClusterId };
const CREATE = 'kms:CreateCustomKeyStore';
const DESCRIBE = 'kms:DescribeCustomKeyStores';
const TELL = 'kms:UpdateCustomKeyStore';

let secrets: Secrets;

beforeEach(() => {
  secrets = new Secrets().put('ca-secret', 'PEM of the customer CA');
});

/** Takes one step with a ledger; its version is `ledger-1`. */
async function step(Do: KeyStoreEvent['Do'], Request: Request, script: Script = {}, Ledger = 'ledger-1', more: Pick<KeyStoreEvent, 'KeyStore' | 'Attempt' | 'Execution'> = {}) {
  const { handler } = await import('../../functions/manage-key-store/src/index');
  wire.script({ ...secrets.answers, 'cloudhsm:DescribeClusters': clusterWith(['a', 'b']), ...script });
  return handler({ Do, Request, Ledger, ...more });
}

const CLUSTER = PROPERTIES.CloudHsmClusterId;
const RELATED = 'cluster-zzzzzzzzzzz';

const GONE: Script = { [DESCRIBE]: refuse('CustomKeyStoreNotFoundException') };

/** KMS with the store in a state. */
function shows(ConnectionState: string, more: Json = {}): Script {
  const store = { CustomKeyStoreId: 'cks-1', CustomKeyStoreName: 'my-store', CloudHsmClusterId: CLUSTER, TrustAnchorCertificate: 'PEM\nof it\n', ConnectionState };
  return { [DESCRIBE]: { CustomKeyStores: [{ ...store, ...more }] } };
}

/** KMS with the store in a state, which it does not show at the first look. */
const shownLate = (state: string): Script => ({ [DESCRIBE]: [refuse('CustomKeyStoreNotFoundException'), ...Object.values(shows(state))] as Json[] });

const ledgerIs = (ledger: Json) => secrets.put('ledger', JSON.stringify(ledger));

/** The ARN of an execution of the update machine for a request that CloudFormation made at a time. */
const executionOf = (asked: string, prefix = 'cloudhsm-1') => `arn:aws:states:eu-west-1:111122223333:execution:${prefix}-update-key-store:request-${asked}-0123456789abcdef`;
const EXECUTION = executionOf('20260101T120000Z');
const EARLIER = '20260101T115900Z';
const LATER = '20260101T120100Z';
const taken = (by: string) => `Overtaken: ${by}`;

describe('create', () => {
  const made: Script = { [CREATE]: [{ CustomKeyStoreId: 'cks-1' }] };
  const create = (script: Script = made) => step('create', request('Create'), script);

  beforeEach(() => {
    ledgerIs({ intent: INTENT, made: true });
  });

  it("asks KMS for the store with kmsuser's recorded password and the customer's certificate", async () => {
    await create();
    expect(wire.inputs(CREATE)).toEqual([
      {
        CustomKeyStoreName: 'my-store',
        CloudHsmClusterId: PROPERTIES.CloudHsmClusterId,
        KeyStorePassword: INTENT,
        TrustAnchorCertificate: 'PEM of the customer CA',
      },
    ]);
  });

  it('notes in the ledger what it is about to make, before it asks KMS', async () => {
    let noted: Json = {};
    await create({
      [CREATE]: () => {
        noted = secrets.json('ledger');
        return { CustomKeyStoreId: 'cks-1' };
      },
    });
    // Not later than KMS's date of the store: when the version before the note was written, and so the same however often this is tried.
    expect(noted['storing']).toEqual({ ...NAMED, at: new Date(WRITTEN_AT).toISOString() });
    expect(noted).toMatchObject({ intent: INTENT, made: true });
    expect(noted).not.toHaveProperty('store');
  });

  it('records the id, and answers it with the version of the ledger that has it', async () => {
    expect(await create()).toEqual({ KeyStoreId: 'cks-1', Ledger: 'ledger-3' });
    expect(secrets.json('ledger')).toMatchObject({ intent: INTENT, made: true, store: 'cks-1' });
  });

  it('never answers the password', async () => {
    expect(JSON.stringify(await create())).not.toContain(INTENT);
  });

  it('reads the version of the ledger that it is told, not the newest', async () => {
    ledgerIs({ intent: 'N'.repeat(32) });
    await create();
    expect(wire.inputs(CREATE)[0]).toMatchObject({ KeyStorePassword: INTENT });
  });

  it.each(['CustomKeyStoreNameInUseException', 'CloudHsmClusterInUseException', 'IncorrectTrustAnchorException', 'LimitExceededException'])(
    'withdraws its note when KMS refuses (%s): a store of that name is not ours',
    async (refusal) => {
      expect((await failureOf(create({ [CREATE]: [refuse(refusal)] }))).name).toBe(refusal);
      expect(secrets.json('ledger')).toEqual({ intent: INTENT, made: true });
    },
  );

  it.each([refuse('KMSInternalException', 'broken', 500), refuse('ThrottlingException'), refuse('ServiceUnavailable', 'busy', 503)])(
    'keeps its note after $error, which leaves open whether the store was made, and is tried again',
    async (unclear) => {
      expect((await failureOf(create({ [CREATE]: [unclear] }))).name).toBe('TransientError');
      expect(secrets.json('ledger')['storing']).toMatchObject(NAMED);
    },
  );

  it('run again after a crash asks KMS for the very same store, and records its id', async () => {
    await failureOf(create({ [CREATE]: [refuse('KMSInternalException', 'broken', 500)] }));
    const [first] = wire.inputs(CREATE);
    expect(await create()).toMatchObject({ KeyStoreId: 'cks-1' });
    expect(wire.inputs(CREATE)).toEqual([first]);
    expect(secrets.json('ledger')['store']).toBe('cks-1');
  });

  it('writes one note, however often it is tried', async () => {
    for (let attempt = 0; attempt < 4; attempt++) await failureOf(create({ [CREATE]: [refuse('KMSInternalException', 'broken', 500)] }));
    expect(secrets.count('ledger')).toBe(2);
    expect(await create()).toEqual({ KeyStoreId: 'cks-1', Ledger: 'ledger-3' });
  });

  it('without a recorded password changes nothing', async () => {
    ledgerIs({});
    expect((await failureOf(step('create', request('Create'), {}, 'ledger-2'))).message).toBe('The ledger holds no password of kmsuser');
    expect(secrets.count('ledger')).toBe(2);
  });

  it.each<[string, (of: Secrets) => unknown, string]>([
    ['missing', () => (secrets = new Secrets().put('ledger', JSON.stringify({ intent: INTENT }))), say(messages.SECRET_MISSING, { secret: 'ca-secret' })],
    ['binary', (of) => of.putValue('ca-secret', { SecretBinary: 'cGVt' }), say(messages.SECRET_BINARY, { secret: 'ca-secret' })],
  ])('with a certificate that is %s is refused, before it notes anything', async (_what, make, text) => {
    make(secrets);
    const { name, message } = await failureOf(create({}));
    expect({ name, message }).toEqual({ name: 'Refused', message: text });
    expect(secrets.count('ledger')).toBe(1);
  });

  it('with a certificate that may not be read is tried again, before it notes anything', async () => {
    const denied = ({ input }: WireCall) => (input['SecretId'] === 'ca-secret' ? refuse('AccessDeniedException') : { SecretString: JSON.stringify({ intent: INTENT }) });
    expect((await failureOf(create({ 'secretsmanager:GetSecretValue': denied }))).name).toBe('TransientError');
    expect(secrets.count('ledger')).toBe(1);
  });
});

describe('complete', () => {
  it('records the properties of the create beside all else, and answers the version that has them', async () => {
    ledgerIs({ intent: INTENT, made: true, store: 'cks-1' });
    ledgerIs({ newer: true });
    expect(await step('complete', request('Create'))).toEqual({ Ledger: 'ledger-3' });
    expect(secrets.json('ledger')).toEqual({ intent: INTENT, made: true, store: 'cks-1', created: PROPERTIES });
  });

  const completeUpdate = (ledger: Ledger, wanted: Partial<KeyStoreProperties> = {}, script: Script = {}) => {
    secrets = new Secrets();
    ledgerIs({ store: 'cks-1', ...ledger });
    return step('complete', request('Update', { PhysicalResourceId: 'cks-1', ResourceProperties: { ...PROPERTIES, ...wanted } }), script);
  };

  it('of an update records the new properties, and that nothing is half-done any more', async () => {
    const changing = { before: 'CONNECTED' as const, untold: 'cluster-zzzzzzzzzzz', told: { name: 'new-name', clusterId: NAMED.clusterId } };
    await completeUpdate({ intent: INTENT, earlier: ['cks-0'], created: PROPERTIES, changing }, { KeyStoreName: 'new-name' });
    expect(secrets.json('ledger')).toEqual({ intent: INTENT, store: 'cks-1', earlier: ['cks-0'], created: { ...PROPERTIES, KeyStoreName: 'new-name' } });
  });

  it.each<[string, Ledger, Script, Partial<KeyStoreProperties>, string | undefined]>([
    ['of a rollback, to which it is disconnected', { changing: { before: 'FAILED', code: 'USER_LOCKED_OUT' } }, shows('DISCONNECTED'), {}, 'USER_LOCKED_OUT'],
    ['of a rollback after kmsuser got a new password', { changing: { before: 'FAILED', untold: 'cluster-zzzzzzzzzzz' } }, shows('DISCONNECTED'), {}, ''],
    ['of a rollback, to which it fails', { changing: { before: 'GONE' } }, shows('FAILED'), {}, ''],
    ['of a rollback, to which it is gone', { changing: { before: 'GONE' } }, GONE, {}, ''],
    ['of a rollback, which finds it connected', { changing: { before: 'FAILED', code: 'NETWORK_ERRORS' }, unmended: 'NETWORK_ERRORS' }, shows('CONNECTED'), {}, undefined],
    ['of a rollback to a store that worked', { changing: { before: 'CONNECTED' }, unmended: '' }, {}, {}, undefined],
    ['of a rollback to a store that somebody had disconnected', { changing: { before: 'DISCONNECTED' } }, {}, {}, undefined],
    ['of an update that mended it', { changing: { before: 'FAILED', code: 'NETWORK_ERRORS' }, unmended: 'NETWORK_ERRORS' }, {}, { KeyStoreName: 'new-name' }, undefined],
  ])('%s notes why the store is still out of service', async (_what, ledger, script, wanted, unmended) => {
    await completeUpdate({ created: PROPERTIES, ...ledger }, wanted, script);
    const noted = secrets.json('ledger');
    expect(noted['unmended']).toBe(unmended);
    expect(noted).not.toHaveProperty('changing');
  });

  it('writes one version, however often it is tried', async () => {
    await completeUpdate({ created: PROPERTIES, changing: { before: 'CONNECTED' } });
    for (let attempt = 0; attempt < 3; attempt++) expect(await step('complete', request('Update'))).toEqual({ Ledger: 'ledger-2' });
    expect(secrets.count('ledger')).toBe(2);
  });

  it.each([
    { what: 'a new value', was: 'a', before: undefined, now: 'b', kept: 'a' },
    { what: 'the first value', was: undefined, before: undefined, now: 'a', kept: '' },
    { what: 'a third value', was: 'b', before: 'a', now: 'c', kept: 'b' },
    { what: 'the same value', was: 'b', before: 'a', now: 'b', kept: 'a' },
    { what: 'no value, as before', was: undefined, before: undefined, now: undefined, kept: undefined },
    { what: 'an empty value after one', was: 'a', before: undefined, now: '', kept: 'a' },
    { what: 'the value before the last one, which a rollback puts back', was: 'b', before: 'a', now: 'a', kept: undefined },
    { what: 'no value again, which a rollback puts back', was: 'a', before: '', now: undefined, kept: undefined },
  ])('of $what of the rotation keeps the one before as $kept', async ({ was, before, now, kept }) => {
    const rotation = (value: string | undefined) => (value === undefined ? {} : { KmsUserPasswordRotation: value });
    const ledger: Ledger = { created: { ...PROPERTIES, ...rotation(was) }, ...(before !== undefined && { rotatedFrom: before }) };
    await completeUpdate(ledger, rotation(now));
    expect(secrets.json('ledger')['rotatedFrom']).toBe(kept);
    expect(secrets.json('ledger')['created']).toEqual({ ...PROPERTIES, ...rotation(now) });
  });
});

describe('find', () => {
  const NOTED_AT = '2026-01-01T12:00:00.000Z';
  /** Seconds since the epoch, as KMS answers a date. */
  const at = (secondsLater: number) => Date.parse(NOTED_AT) / 1000 + secondsLater;
  const storing = { ...NAMED, at: NOTED_AT };
  const complete = { intent: INTENT, made: true, store: 'cks-1', created: PROPERTIES };

  const find = (id: string, script: Script = {}, more: Partial<Request> = {}) => step('find', request('Delete', { PhysicalResourceId: id, ...more }), script);

  it.each([
    ["the store's id", 'cks-1', 'leaves it to the user to keep', false],
    ['the marker of a create that failed', 'key-store-not-created', 'wants it deleted', true],
    ['an id that CloudFormation made up, because it cancelled the create', 'cloudhsm-rKmsCloudHsmKeyStore-1XYZ', 'wants it deleted', true],
  ])('by %s (%s) finds the store of the ledger without asking KMS, and %s', async (_what, id, _wish, Delete) => {
    ledgerIs(complete);
    expect(await find(id)).toEqual({ KeyStoreId: 'cks-1', Delete, KmsUser: true, Ledger: 'ledger-1' });
  });

  describe('after an update that was left half-done', () => {
    const HALF = { ...complete, changing: { before: 'CONNECTED' } };
    const DELETES = EXECUTION.replace('-update-', '-delete-');
    const findAs = (newest: Ledger['newest']) => {
      ledgerIs({ ...HALF, newest });
      return step('find', request('Delete', { PhysicalResourceId: 'cks-1' }), {}, 'ledger-1', { Execution: DELETES });
    };

    it.each([executionOf(EARLIER, 'vault-1'), executionOf('undated', 'vault-1')])('by %s, which nobody could stop, takes over, and then waits', async (execution) => {
      expect((await failureOf(findAs({ execution }))).name).toBe('EarlierUpdateMayAct');
      expect(secrets.json('ledger')).toEqual({ ...HALF, newest: { execution: DELETES, tookOverAt: expect.any(String) as string } });
      expect((await failureOf(findAs({ execution: DELETES, tookOverAt: new Date(Date.now() - 50_000).toISOString() }))).name).toBe('EarlierUpdateMayAct');
    });

    it.each([
      ['of its own names, which was stopped', { execution: executionOf(EARLIER) }],
      ['that it has taken over from a minute ago', { execution: DELETES, tookOverAt: new Date(Date.now() - 61_000).toISOString() }],
    ])('%s, finds the store at once', async (_what, newest) => {
      expect(await findAs(newest)).toMatchObject({ KeyStoreId: 'cks-1', Ledger: 'ledger-1' });
      expect(secrets.json('ledger')).toEqual({ ...HALF, newest });
    });
  });

  it.each<[string, Json]>([
    ['another id', complete],
    ['nothing', {}],
    ['a kmsuser alone', { intent: INTENT }],
  ])('touches nothing when CloudFormation names a store and the ledger has %s', async (_what, ledger) => {
    ledgerIs(ledger);
    expect(await find('cks-2')).toMatchObject({ KeyStoreId: '', KmsUser: false });
  });

  it('finds nothing when nothing was made', async () => {
    expect(await step('find', request('Delete', { PhysicalResourceId: 'made-up' }), {}, '')).toEqual({ KeyStoreId: '', Delete: true, KmsUser: false, Ledger: '' });
  });

  it('does not take a ledger that it may not read for one that was never written', async () => {
    const denied = refuse('AccessDeniedException');
    expect((await failureOf(find('made-up', { 'secretsmanager:GetSecretValue': denied }))).name).toBe('TransientError');
  });

  it('finds a kmsuser that was about to be made, although there is no store', async () => {
    ledgerIs({ intent: INTENT });
    expect(await find('key-store-not-created')).toMatchObject({ KeyStoreId: '', KmsUser: true });
  });

  it.each<[string, Json]>([
    ['gone', { Clusters: [] }],
    ['deleted, and still listed', clusterWith([], { State: 'DELETED' })],
    ['being deleted', clusterWith([], { State: 'DELETE_IN_PROGRESS' })],
  ])('looks for no kmsuser on a cluster that is %s', async (_what, described) => {
    ledgerIs(complete);
    expect(await find('cks-1', { 'cloudhsm:DescribeClusters': described })).toMatchObject({ KeyStoreId: 'cks-1', KmsUser: false });
  });

  it.each([
    { wish: 'true', create: 'succeeded', ledger: complete, wanted: true },
    { wish: 'false', create: 'succeeded', ledger: complete, wanted: false },
    { wish: 'false', create: 'never succeeded', ledger: { ...complete, created: undefined }, wanted: true },
  ])('with DeleteKeyStoreUponStackDeletion $wish, after a create that $create, answers Delete $wanted', async ({ wish, ledger, wanted }) => {
    ledgerIs(ledger);
    const ResourceProperties = { ...PROPERTIES, DeleteKeyStoreUponStackDeletion: wish };
    expect(await find('cks-1', {}, { ResourceProperties })).toMatchObject({ Delete: wanted });
  });

  describe('a store whose id never reached the ledger', () => {
    const listed = (more: Json = {}): Script => ({
      [DESCRIBE]: [
        {
          CustomKeyStores: [
            { CustomKeyStoreId: 'cks-5', CustomKeyStoreName: 'my-store', CloudHsmClusterId: NAMED.clusterId, CreationDate: at(3), ...more },
          ],
        },
      ],
    });

    beforeEach(() => {
      ledgerIs({ intent: INTENT, storing });
    });

    it('is ours by name, cluster and date', async () => {
      expect(await find('made-up', listed())).toMatchObject({ KeyStoreId: 'cks-5', Delete: true, KmsUser: true });
      expect(wire.inputs(DESCRIBE)).toEqual([{ CustomKeyStoreName: 'my-store' }]);
    });

    it('is ours although the two clocks differ by half a minute', async () => {
      expect(await find('made-up', listed({ CreationDate: at(-30) }))).toMatchObject({ KeyStoreId: 'cks-5' });
    });

    it.each<[string, Json]>([
      ['is on another cluster', { CloudHsmClusterId: 'cluster-other' }],
      ['is older than our note', { CreationDate: at(-3600) }],
      ['has no date', { CreationDate: undefined }],
      ['has no cluster', { CloudHsmClusterId: undefined }],
    ])("is someone else's when it %s", async (_what, more) => {
      expect(await find('made-up', listed(more))).toMatchObject({ KeyStoreId: '' });
    });

    it('is not there when KMS knows nobody of that name', async () => {
      expect(await find('made-up', { [DESCRIBE]: [refuse('CustomKeyStoreNotFoundException')] })).toMatchObject({ KeyStoreId: '', KmsUser: true });
    });

    it('is not decided on while KMS may not show it yet', async () => {
      ledgerIs({ intent: INTENT, storing: { ...NAMED, at: new Date().toISOString() } });
      const nobody = { [DESCRIBE]: [refuse('CustomKeyStoreNotFoundException')] };
      const { name, message } = await failureOf(step('find', request('Delete', { PhysicalResourceId: 'made-up' }), nobody, 'ledger-2'));
      expect(name).toBe('KeyStoreNotYetVisible');
      expect(message).toBe('KMS does not show the key store, and may not show it yet');
    });

    it.each([
      ['waited for three minutes after its note', 180, 'KeyStoreNotYetVisible'],
      ['not waited for five minutes after its note', 300, ''],
    ])('is %s', async (_what, seconds, error) => {
      ledgerIs({ intent: INTENT, storing: { ...NAMED, at: new Date(Date.now() - seconds * 1000).toISOString() } });
      const found = step('find', request('Delete', { PhysicalResourceId: 'made-up' }), { [DESCRIBE]: [refuse('CustomKeyStoreNotFoundException')] }, 'ledger-2');
      if (error === '') expect(await found).toMatchObject({ KeyStoreId: '' });
      else expect((await failureOf(found)).name).toBe(error);
    });

    it('is ours as soon as KMS shows it', async () => {
      ledgerIs({ intent: INTENT, storing: { ...NAMED, at: new Date().toISOString() } });
      const found = await step('find', request('Delete', { PhysicalResourceId: 'made-up' }), listed({ CreationDate: Date.now() / 1000 }), 'ledger-2');
      expect(found).toMatchObject({ KeyStoreId: 'cks-5' });
    });

    it('is looked for again when KMS does not answer', async () => {
      expect((await failureOf(find('made-up', { [DESCRIBE]: [refuse('KMSInternalException', 'broken', 500)] }))).name).toBe('TransientError');
    });

    it('is not looked for by the name in the request, which may be someone else’s', async () => {
      const ResourceProperties = { ...PROPERTIES, KeyStoreName: 'other-name' };
      await find('made-up', { [DESCRIBE]: [refuse('CustomKeyStoreNotFoundException')] }, { ResourceProperties });
      expect(wire.inputs(DESCRIBE)).toEqual([{ CustomKeyStoreName: 'my-store' }]);
    });
  });

  describe('a store that was gone and made again', () => {
    const half = { ...complete, store: 'cks-2', earlier: ['cks-0', 'cks-1'], changing: { before: 'GONE' } };

    it.each(['cks-0', 'cks-1', 'cks-2'])('is found by %s, its id then or an earlier one, while the update that made it is half-done', async (id) => {
      ledgerIs(half);
      // By an earlier id: CloudFormation has never taken the new one, so nobody has the store to keep.
      expect(await find(id)).toEqual({ KeyStoreId: 'cks-2', Delete: id !== 'cks-2', KmsUser: true, Ledger: 'ledger-1' });
    });

    it('is not touched when CloudFormation cleans its earlier id up, after the update', async () => {
      ledgerIs({ ...half, changing: undefined });
      for (const id of ['cks-0', 'cks-1']) expect(await find(id)).toMatchObject({ KeyStoreId: '', KmsUser: false });
      expect(await find('cks-2')).toMatchObject({ KeyStoreId: 'cks-2', Delete: false, KmsUser: true });
    });

    it('is not touched by an earlier id when a later update is half-done that had another beginning', async () => {
      ledgerIs({ ...half, changing: { before: 'CONNECTED' } });
      expect(await find('cks-1')).toMatchObject({ KeyStoreId: '', KmsUser: false });
    });

    it('is found although its id never reached the ledger', async () => {
      ledgerIs({ ...complete, storing, changing: { before: 'GONE' } });
      const shown = { CustomKeyStoreId: 'cks-2', CustomKeyStoreName: 'my-store', CloudHsmClusterId: NAMED.clusterId, CreationDate: at(3) };
      expect(await find('cks-1', { [DESCRIBE]: [{ CustomKeyStores: [shown] }] })).toMatchObject({ KeyStoreId: 'cks-2', Delete: true, KmsUser: true });
    });

    it('of which KMS knows nothing leaves the one that the ledger has', async () => {
      ledgerIs({ ...complete, storing, changing: { before: 'GONE' } });
      expect(await find('cks-1', { [DESCRIBE]: [refuse('CustomKeyStoreNotFoundException')] })).toMatchObject({ KeyStoreId: 'cks-1', Delete: false });
    });

    it('is not touched by the id of somebody else’s store', async () => {
      ledgerIs(half);
      expect(await find('cks-9')).toMatchObject({ KeyStoreId: '', KmsUser: false });
    });
  });

  it('by the ledger of release 0.1.0, which kept its note of the create, finds the store by its id, and no other', async () => {
    ledgerIs({ ...complete, storing });
    const shown = { CustomKeyStoreId: 'cks-9', CustomKeyStoreName: 'my-store', CloudHsmClusterId: NAMED.clusterId, CreationDate: at(3) };
    expect(await find('cks-1', { [DESCRIBE]: { CustomKeyStores: [shown] } })).toMatchObject({ KeyStoreId: 'cks-1', Delete: false, KmsUser: true });
  });
});

/** The ledger of a stack whose create has succeeded, and what an update adds. */
const LEDGER: Ledger = { intent: INTENT, made: true, store: 'cks-1', created: PROPERTIES };

const asking = (wanted: Partial<KeyStoreProperties>, id = 'cks-1') =>
  request('Update', { PhysicalResourceId: id, ResourceProperties: { ...PROPERTIES, ...wanted }, OldResourceProperties: PROPERTIES });

async function refused(promise: Promise<unknown>, text: string): Promise<void> {
  const { name, message } = await failureOf(promise);
  expect({ name, message }).toEqual({ name: 'Refused', message: text });
}

describe('plan', () => {
  /** Plans an update with a ledger; its version is `ledger-1`. */
  function plan(ledger: Json | Ledger, script: Script, wanted: Partial<KeyStoreProperties> = {}, id = 'cks-1') {
    ledgerIs({ ...ledger });
    return step('plan', asking(wanted, id), script, 'ledger-1', { Execution: EXECUTION });
  }

  /** What a plan asks for, in a word each. */
  async function way(...of: Parameters<typeof plan>): Promise<string> {
    const planned = await plan(...of);
    return Object.entries<unknown>({ ...planned }).flatMap(([step, needed]) => (needed === true ? [step] : [])).join(' ');
  }

  const ALL = 'Reset Disconnect Change Connect';
  const TELL_ONLY = 'Change';
  const MEND = 'Disconnect Change Connect';
  const failed = (ConnectionErrorCode?: string) => shows('FAILED', { ConnectionErrorCode });

  describe('of an update that asks for something new', () => {
    const NAME = { KeyStoreName: 'new-name' };
    const KEEP = { DeleteKeyStoreUponStackDeletion: 'true' };
    const MOVE = { CloudHsmClusterId: RELATED };
    const ROTATE = { KmsUserPasswordRotation: '2026-01' };

    it.each<[string, Script, Partial<KeyStoreProperties>, string]>([
      ['a connected store and nothing that KMS knows', shows('CONNECTED'), KEEP, TELL_ONLY],
      ['a connected store and another name', shows('CONNECTED'), NAME, TELL_ONLY],
      ['a connected store and a related cluster', shows('CONNECTED'), MOVE, ALL],
      ['a connected store and a rotation', shows('CONNECTED'), ROTATE, ALL],
      ['a store that somebody disconnected and nothing that KMS knows', shows('DISCONNECTED'), KEEP, TELL_ONLY],
      ['a store that somebody disconnected and another name', shows('DISCONNECTED'), NAME, TELL_ONLY],
      ['a store that somebody disconnected and a related cluster', shows('DISCONNECTED'), MOVE, ALL],
      ['a store that somebody disconnected and a rotation', shows('DISCONNECTED'), ROTATE, ALL],
      ['a store that is being connected', shows('CONNECTING'), KEEP, 'Change Connect'],
      ['a store that is being connected and a rotation', shows('CONNECTING'), ROTATE, ALL],
      ['a store that is being disconnected', shows('DISCONNECTING'), KEEP, TELL_ONLY],
      ['a store that is being disconnected and a related cluster', shows('DISCONNECTING'), MOVE, ALL],
      ['a store that KMS could not reach', failed('NETWORK_ERRORS'), KEEP, MEND],
      ['a store that KMS could not reach and another name', failed('NETWORK_ERRORS'), NAME, MEND],
      ['a store that failed without a code', failed(), KEEP, MEND],
      ['a store that somebody is logged in to', failed('USER_LOGGED_IN'), KEEP, MEND],
      ['a store with a wrong password', failed('INVALID_CREDENTIALS'), KEEP, ALL],
      ['a store with a kmsuser that is locked', failed('USER_LOCKED_OUT'), KEEP, ALL],
      ['a store without its kmsuser', failed('USER_NOT_FOUND'), KEEP, ALL],
      ['a store that is gone', GONE, KEEP, 'Reset Change Connect'],
      ['a store that is gone and another name', GONE, NAME, 'Reset Change Connect'],
    ])('with %s', async (_what, script, wanted, expected) => {
      expect(await way(LEDGER, script, wanted)).toBe(expected);
    });

    it.each<[string, Ledger['changing'], Script, Partial<KeyStoreProperties>, string]>([
      ['of a store that was connected, and is not since', { before: 'CONNECTED' }, shows('DISCONNECTED'), KEEP, 'Change Connect'],
      ['of a store that was being connected, and is not since', { before: 'CONNECTING' }, shows('DISCONNECTED'), KEEP, 'Change Connect'],
      ['of a store that was connected, and is again', { before: 'CONNECTED' }, shows('CONNECTED'), KEEP, TELL_ONLY],
      ['of a store that was disconnected', { before: 'DISCONNECTED' }, shows('DISCONNECTED'), KEEP, TELL_ONLY],
      ['that reset kmsuser here, and told nobody', { before: 'CONNECTED', untold: CLUSTER }, shows('DISCONNECTED'), KEEP, MEND],
      ['that reset kmsuser of a store that was disconnected, and told nobody', { before: 'DISCONNECTED', untold: CLUSTER }, shows('DISCONNECTED'), KEEP, 'Disconnect Change'],
      ['that reset kmsuser elsewhere, and told nobody', { before: 'CONNECTED', untold: RELATED }, shows('DISCONNECTED'), KEEP, 'Change Connect'],
      ['that reset kmsuser in the cluster that is asked for again', { before: 'CONNECTED', untold: RELATED }, shows('DISCONNECTED'), MOVE, ALL],
      ['that told KMS of another cluster', { before: 'CONNECTED', told: { name: 'my-store', clusterId: RELATED } }, shows('DISCONNECTED'), KEEP, ALL],
      ['that told KMS of the cluster that is asked for again', { before: 'CONNECTED', told: { name: 'my-store', clusterId: RELATED } }, shows('DISCONNECTED', { CloudHsmClusterId: RELATED }), MOVE, ALL],
      ['that brought a store that was gone back, and could not connect it', { before: 'GONE' }, failed('NETWORK_ERRORS'), KEEP, MEND],
      ['that brought a store that was gone back, and had not begun to connect it', { before: 'GONE' }, shows('DISCONNECTED'), KEEP, 'Change Connect'],
      ['that disconnected a store that had failed', { before: 'FAILED' }, shows('DISCONNECTED'), KEEP, 'Change Connect'],
      ['that disconnected a store that had failed for its kmsuser', { before: 'FAILED', code: 'USER_NOT_FOUND' }, shows('DISCONNECTED'), KEEP, ALL],
      ['that disconnected a store that had failed for its kmsuser, and reset that', { before: 'FAILED', untold: CLUSTER }, shows('DISCONNECTED'), KEEP, MEND],
      ['that disconnected a store that KMS could not reach', { before: 'FAILED', code: 'NETWORK_ERRORS' }, shows('DISCONNECTED'), KEEP, 'Change Connect'],
      ['that is connecting a store that had failed for its kmsuser', { before: 'FAILED', code: 'USER_NOT_FOUND' }, shows('CONNECTING'), KEEP, 'Change Connect'],
    ])('after an update left half-done %s', async (_what, changing, script, wanted, expected) => {
      expect(await way({ ...LEDGER, ...(changing && { changing }) }, script, wanted)).toBe(expected);
    });

    it.each<[string, string | undefined, Script, string, Ledger['changing']]>([
      ['it is disconnected, and had failed for its kmsuser', 'USER_LOCKED_OUT', shows('DISCONNECTED'), ALL, { before: 'FAILED', code: 'USER_LOCKED_OUT' }],
      ['it is disconnected, and KMS could not reach it', 'NETWORK_ERRORS', shows('DISCONNECTED'), 'Change Connect', { before: 'FAILED', code: 'NETWORK_ERRORS' }],
      ['it is disconnected, and had been gone', '', shows('DISCONNECTED'), 'Change Connect', { before: 'FAILED' }],
      ['somebody has connected it', 'USER_LOCKED_OUT', shows('CONNECTED'), TELL_ONLY, { before: 'CONNECTED' }],
      ['it fails for another reason', 'USER_LOCKED_OUT', failed('NETWORK_ERRORS'), MEND, { before: 'FAILED', code: 'NETWORK_ERRORS' }],
      ['it is gone', '', GONE, 'Reset Change Connect', { before: 'GONE' }],
    ])('mends a store that an update could not mend before, and that its rollback has left: %s', async (_what, unmended, script, expected, changing) => {
      expect(await way({ ...LEDGER, ...(unmended !== undefined && { unmended }) }, script, KEEP)).toBe(expected);
      expect(secrets.json('ledger')['changing']).toEqual(changing);
    });

    it.each(['CONNECTING', 'DISCONNECTING'])('waits with another name while the store is %s: KMS would refuse it', async (state) => {
      const { name, message } = await failureOf(plan(LEDGER, shows(state), NAME));
      expect(name).toBe('KeyStoreNotSettled');
      expect(message).toBe(say(messages.KEY_STORE_NOT_SETTLED, { id: 'cks-1', state }));
      expect(secrets.count('ledger')).toBe(1);
    });

    it.each<[string, Ledger['changing'], string]>([
      ['which KMS shows already', undefined, 'new-name'],
      ['which KMS was told', { before: 'CONNECTED', told: { name: 'new-name', clusterId: CLUSTER } }, 'my-store'],
    ])('counts every name that may be in force: it waits with one %s', async (_what, changing, CustomKeyStoreName) => {
      const ledger = { ...LEDGER, ...(changing && { changing }) };
      // What is in force is `created`, another name; KMS may show one from before.
      expect((await failureOf(plan(ledger, shows('CONNECTING', { CustomKeyStoreName }), NAME))).name).toBe('KeyStoreNotSettled');
    });

    it.each<[string, Partial<KeyStoreProperties>]>([
      ['the one that KMS still shows', KEEP],
      ['the one in force', { ...MOVE, ...KEEP }],
    ])('counts every cluster that may be in force: it moves to %s', async (_what, wanted) => {
      // What is in force is `created`; KMS may show a cluster from before.
      expect(await way({ ...LEDGER, created: { ...PROPERTIES, CloudHsmClusterId: RELATED } }, shows('CONNECTED'), wanted)).toBe(ALL);
    });
  });

  describe('of a reverse update, which asks for what was in force', () => {
    it.each<[string, Ledger['changing'], Script, string]>([
      ['of nothing that was begun', undefined, shows('CONNECTED'), TELL_ONLY],
      ['of a store that is connected as before', { before: 'CONNECTED' }, shows('CONNECTED'), TELL_ONLY],
      ['of a store that was disconnected, and no more', { before: 'CONNECTED' }, shows('DISCONNECTED'), 'Change Connect'],
      ['of a store that was being connected', { before: 'CONNECTING' }, shows('DISCONNECTED'), 'Change Connect'],
      ['of a store that is still being connected', { before: 'CONNECTED' }, shows('CONNECTING'), 'Change Connect'],
      ['of a kmsuser that was reset, and KMS not told', { before: 'CONNECTED', untold: CLUSTER }, shows('DISCONNECTED'), MEND],
      ['of a move that had reset kmsuser there, and KMS not told', { before: 'CONNECTED', untold: RELATED }, shows('DISCONNECTED'), 'Change Connect'],
      ['of a move that KMS was told', { before: 'CONNECTED', told: { name: 'my-store', clusterId: RELATED } }, shows('DISCONNECTED', { CloudHsmClusterId: RELATED }), ALL],
      ['of a move that KMS was told, and does not show', { before: 'CONNECTED', told: { name: 'my-store', clusterId: RELATED } }, shows('DISCONNECTED'), ALL],
      ['of a move that connected', { before: 'CONNECTED', told: { name: 'my-store', clusterId: RELATED } }, shows('CONNECTED', { CloudHsmClusterId: RELATED }), ALL],
      ['of another name', { before: 'CONNECTED', told: { name: 'new-name', clusterId: CLUSTER } }, shows('CONNECTED'), TELL_ONLY],
      ['of another name and a reset that was told', { before: 'CONNECTED', told: { name: 'new-name', clusterId: CLUSTER } }, shows('DISCONNECTED'), 'Change Connect'],
      ['of a store that KMS could not reach', { before: 'CONNECTED' }, failed('NETWORK_ERRORS'), MEND],
      ['of a store with a password that KMS was refused', { before: 'CONNECTED' }, failed('INVALID_CREDENTIALS'), ALL],
      ['of a store that somebody had disconnected', { before: 'DISCONNECTED' }, shows('DISCONNECTED'), TELL_ONLY],
      ['of a store that somebody had disconnected, and was being so', { before: 'DISCONNECTING' }, shows('DISCONNECTED'), TELL_ONLY],
      ['of a store that somebody had disconnected, with an untold kmsuser', { before: 'DISCONNECTED', untold: CLUSTER }, shows('DISCONNECTED'), 'Disconnect Change'],
      ['of a store that somebody had disconnected, after a move', { before: 'DISCONNECTED', told: { name: 'my-store', clusterId: RELATED } }, shows('DISCONNECTED'), 'Reset Disconnect Change'],
      ['of a store that somebody had disconnected, and KMS could not reach', { before: 'DISCONNECTED' }, failed('NETWORK_ERRORS'), TELL_ONLY],
      ['of another name and a store that somebody had disconnected, and KMS could not reach', { before: 'DISCONNECTED', told: { name: 'new-name', clusterId: CLUSTER } }, failed('NETWORK_ERRORS'), 'Disconnect Change'],
      ['of a store that had failed, and fails', { before: 'FAILED' }, failed('INVALID_CREDENTIALS'), ''],
      ['of a store that had failed, and is being connected', { before: 'FAILED' }, shows('CONNECTING'), ''],
      ['of a store that had failed, and is being disconnected', { before: 'FAILED' }, shows('DISCONNECTING'), ''],
      ['of a store that had failed, and is disconnected', { before: 'FAILED' }, shows('DISCONNECTED'), TELL_ONLY],
      ['of a store that had failed, and is disconnected after a move', { before: 'FAILED', told: { name: 'my-store', clusterId: RELATED } }, shows('DISCONNECTED'), TELL_ONLY],
      ['of a store that had failed, and is connected', { before: 'FAILED' }, shows('CONNECTED'), TELL_ONLY],
      ['of another name and a store that had failed, and fails', { before: 'FAILED', told: { name: 'new-name', clusterId: CLUSTER } }, failed('NETWORK_ERRORS'), 'Disconnect Change'],
      ['of another name and a store that had failed, and is being connected', { before: 'FAILED', told: { name: 'new-name', clusterId: CLUSTER } }, shows('CONNECTING'), 'Disconnect Change'],
      ['of another name and a reset that was told, and is being connected', { before: 'CONNECTED', told: { name: 'new-name', clusterId: CLUSTER } }, shows('CONNECTING'), MEND],
      ['of a reset that KMS was not told of, and was refused', { before: 'CONNECTED', untold: CLUSTER }, failed('INVALID_CREDENTIALS'), MEND],
      ['of a reset that KMS was not told of, and found kmsuser locked', { before: 'CONNECTED', untold: CLUSTER }, failed('USER_LOCKED_OUT'), ALL],
      ['of a store that fails, without anything begun', undefined, failed('INVALID_CREDENTIALS'), ''],
      ['of a store that was gone, and is', { before: 'GONE' }, GONE, ''],
      ['of a store that was gone, and is made again', { before: 'GONE' }, shows('DISCONNECTED'), TELL_ONLY],
      ['of a store that was gone, and is made again, and fails', { before: 'GONE' }, failed('NETWORK_ERRORS'), ''],
      ['of a store that is gone since', { before: 'CONNECTED', untold: CLUSTER }, GONE, ''],
    ])('%s', async (_what, changing, script, expected) => {
      expect(await way({ ...LEDGER, ...(changing && { changing }) }, script)).toBe(expected);
    });

    it('waits with the old name while the store that somebody had disconnected is being connected', async () => {
      const changing = { before: 'DISCONNECTED', told: { name: 'new-name', clusterId: CLUSTER } };
      expect((await failureOf(plan({ ...LEDGER, changing }, shows('CONNECTING')))).name).toBe('KeyStoreNotSettled');
    });

    it.each<[string, Ledger, Script, string, Ledger['changing']]>([
      ['tells KMS the password that kmsuser may have got', {}, failed('INVALID_CREDENTIALS'), MEND, { before: 'CONNECTED', untold: CLUSTER, guessed: true }],
      ['resets kmsuser where it had not got that', { changing: { before: 'CONNECTED', guessed: true } }, failed('INVALID_CREDENTIALS'), ALL, { before: 'CONNECTED', guessed: true }],
      ['resets a kmsuser that is locked', {}, failed('USER_LOCKED_OUT'), ALL, { before: 'CONNECTED' }],
      ['resets kmsuser where no reset is open', { login: { step: 'create', version: '1' } }, failed('INVALID_CREDENTIALS'), ALL, { before: 'CONNECTED' }],
      ['connects with the password that KMS has, first', {}, shows('DISCONNECTED'), 'Change Connect', { before: 'CONNECTED' }],
    ])('of a reset whose answer never came %s', async (_what, more, script, expected, changing) => {
      expect(await way({ ...LEDGER, changing: { before: 'CONNECTED' }, login: { step: 'reset', version: '1' }, ...more }, script)).toBe(expected);
      expect(secrets.json('ledger')['changing']).toEqual(changing);
    });

    it('is one, too, where the older template had no property for the rotation', async () => {
      expect(await way({ ...LEDGER, changing: { before: 'FAILED' } }, failed('INVALID_CREDENTIALS'), { KmsUserPasswordRotation: '' })).toBe('');
    });
  });

  it('of an update after one left half-done keeps how the store was before the first', async () => {
    await plan(LEDGER, shows('CONNECTED'), { KmsUserPasswordRotation: 'a' });
    const { changing } = secrets.json('ledger');
    expect(changing).toEqual({ before: 'CONNECTED' });
    secrets = new Secrets();
    await plan({ ...LEDGER, changing }, failed('NETWORK_ERRORS'));
    expect(secrets.json('ledger')['changing']).toEqual({ before: 'CONNECTED' });
  });

  describe('a rotation', () => {
    it.each([
      { what: 'the first value', was: undefined, before: undefined, now: 'a', asks: true },
      { what: 'a new value', was: 'a', before: '', now: 'b', asks: true },
      { what: 'the same value', was: 'a', before: '', now: 'a', asks: false },
      { what: 'no value', was: 'a', before: '', now: undefined, asks: false },
      { what: 'an empty value', was: 'a', before: '', now: '', asks: false },
      { what: 'the value before the last one', was: 'b', before: 'a', now: 'a', asks: false },
      { what: 'a third value', was: 'b', before: 'a', now: 'c', asks: true },
      { what: 'the value that a rollback has taken back', was: 'a', before: undefined, now: 'b', asks: true },
      { what: 'the first value again, after a rollback of it', was: '', before: undefined, now: 'a', asks: true },
    ])('with $what asks for a new password: $asks', async ({ was, before, now, asks }) => {
      const rotation = (value: string | undefined) => (value === undefined ? {} : { KmsUserPasswordRotation: value });
      const ledger: Ledger = { ...LEDGER, created: { ...PROPERTIES, ...rotation(was) }, ...(before !== undefined && { rotatedFrom: before }) };
      const planned = await plan(ledger, shows('CONNECTED'), { ...rotation(now), DeleteKeyStoreUponStackDeletion: 'true' });
      expect(planned).toMatchObject({ Reset: asks, Disconnect: asks, Connect: asks });
    });
  });

  it('answers the store and the ledger, and notes how the store was', async () => {
    expect(await plan(LEDGER, shows('CONNECTED'))).toEqual({ KeyStoreId: 'cks-1', Reset: false, Disconnect: false, Change: true, Connect: false, Ledger: 'ledger-2' });
    expect(secrets.json('ledger')).toEqual({ ...LEDGER, newest: { execution: EXECUTION }, changing: { before: 'CONNECTED' } });
    expect(wire.inputs(DESCRIBE)).toEqual([{ CustomKeyStoreId: 'cks-1' }]);
  });

  it('keeps all that the ledger knew of an update left half-done', async () => {
    const changing = { before: 'CONNECTED', untold: CLUSTER, told: { name: 'new-name', clusterId: RELATED } };
    await plan({ ...LEDGER, rotatedFrom: 'a', changing }, shows('DISCONNECTED'));
    expect(secrets.json('ledger')).toEqual({ ...LEDGER, rotatedFrom: 'a', newest: { execution: EXECUTION }, changing });
  });

  it('does not take a store for gone that KMS has not shown once', async () => {
    expect(await way(LEDGER, shownLate('CONNECTED'), { KeyStoreName: 'new-name' })).toBe(TELL_ONLY);
    expect(wire.pauses).toEqual([5_000]);
  });

  it('notes that the store was gone', async () => {
    await plan(LEDGER, GONE, { KeyStoreName: 'new-name' });
    expect(secrets.json('ledger')['changing']).toEqual({ before: 'GONE' });
  });

  it('writes one version of the ledger, however often it is tried', async () => {
    ledgerIs({ ...LEDGER });
    for (let attempt = 0; attempt < 4; attempt++) expect(await step('plan', asking({}), shows('CONNECTED'))).toMatchObject({ Ledger: 'ledger-2' });
    expect(secrets.count('ledger')).toBe(2);
  });

  it('is tried again when KMS does not answer, before it notes anything', async () => {
    expect((await failureOf(plan(LEDGER, { [DESCRIBE]: refuse('KMSInternalException', 'broken', 500) }))).name).toBe('TransientError');
    expect(secrets.count('ledger')).toBe(1);
  });

  describe('after another update', () => {
    const HALF: Ledger = { ...LEDGER, changing: { before: 'CONNECTED', untold: CLUSTER } };
    const ago = (seconds: number) => new Date(Date.now() - seconds * 1000).toISOString();

    it.each<[string, Ledger, Ledger['newest']]>([
      ['that was left half-done, by the same machine', HALF, { execution: executionOf(EARLIER) }],
      ['that is complete, by a machine of another name', LEDGER, { execution: executionOf(EARLIER, 'vault-1') }],
      ['of its own, whose answer was lost', HALF, { execution: EXECUTION }],
      ['that it has taken over from a minute ago', HALF, { execution: EXECUTION, tookOverAt: ago(61) }],
    ])('%s, goes on', async (_what, ledger, newest) => {
      expect(await plan({ ...ledger, ...(newest && { newest }) }, shows('DISCONNECTED'))).toMatchObject({ KeyStoreId: 'cks-1' });
      expect(secrets.json('ledger')['newest']).toEqual(newest?.execution === EXECUTION ? newest : { execution: EXECUTION });
    });

    it.each([executionOf(EARLIER, 'vault-1'), executionOf('undated', 'vault-1')])('that was left half-done by %s, takes over first, and keeps what is known', async (execution) => {
      expect((await failureOf(plan({ ...HALF, newest: { execution } }, shows('CONNECTED')))).name).toBe('EarlierUpdateMayAct');
      const { newest, ...rest } = secrets.json('ledger') as Ledger;
      expect(rest).toEqual(HALF);
      expect(newest).toEqual({ execution: EXECUTION, tookOverAt: expect.any(String) as string });
      expect(Math.abs(Date.now() - Date.parse(newest?.tookOverAt ?? ''))).toBeLessThan(10_000);
      expect(wire.inputs(DESCRIBE)).toEqual([]);
    });

    it('that it has just taken over from, waits until that can do no more', async () => {
      expect((await failureOf(plan({ ...HALF, newest: { execution: EXECUTION, tookOverAt: ago(50) } }, shows('CONNECTED')))).name).toBe('EarlierUpdateMayAct');
      expect(secrets.count('ledger')).toBe(1);
    });

    it.each(['cloudhsm-1', 'vault-1'])('that CloudFormation asked for later, of machine %s, does nothing', async (prefix) => {
      const newest = { execution: executionOf(LATER, prefix) };
      expect(await failureOf(plan({ ...HALF, newest }, shows('CONNECTED')))).toMatchObject({ name: 'Overtaken', message: newest.execution });
      expect([secrets.count('ledger'), wire.inputs(DESCRIBE)]).toEqual([1, []]);
    });
  });

  describe('the trust anchor', () => {
    const OTHER = { CloudHsmCustCaCertSecretName: 'other-ca' };

    it.each([
      ['the same certificate', 'PEM\nof it\n'],
      ['the same certificate with other white space', ' PEM\r\nof it'],
    ])('may come from another secret that holds %s', async (_what, text) => {
      secrets.put('other-ca', text);
      expect(await way(LEDGER, shows('CONNECTED'), OTHER)).toBe(TELL_ONLY);
    });

    it.each([
      ['another certificate', 'PEM\nof another\n'],
      ['nothing', ''],
    ])('cannot be changed: another secret that holds %s is refused before anything is noted', async (_what, text) => {
      secrets.put('other-ca', text);
      await refused(plan(LEDGER, shows('CONNECTED'), { ...OTHER, KmsUserPasswordRotation: 'a' }), say(messages.TRUST_ANCHOR_FIXED, { secret: 'other-ca', id: 'cks-1' }));
      expect(secrets.count('ledger')).toBe(1);
    });

    it('from a secret that does not exist is refused', async () => {
      await refused(plan(LEDGER, shows('CONNECTED'), OTHER), say(messages.SECRET_MISSING, { secret: 'other-ca' }));
    });

    it('may be another for a store that is gone, and is made again', async () => {
      expect(await way(LEDGER, GONE, OTHER)).toBe('Reset Change Connect');
    });
  });

  describe('a store that is not of this stack', () => {
    const foreign = say(messages.KEY_STORE_FOREIGN, { id: 'cks-1' });

    it.each<[string, Json]>([
      ['another store', { ...LEDGER, store: 'cks-2' }],
      ['a store whose create never ended', { intent: INTENT, store: 'cks-1' }],
      ['nothing', {}],
    ])('is refused before anything is asked of KMS: the ledger knows %s', async (_what, ledger) => {
      await refused(plan(ledger, {}, { KeyStoreName: 'new-name' }), foreign);
      expect(secrets.count('ledger')).toBe(1);
    });

    it('is refused where the ledger was never written', async () => {
      await refused(step('plan', asking({}), {}, ''), foreign);
    });
  });

  describe('a store that was gone and made again', () => {
    const again: Ledger = { ...LEDGER, store: 'cks-2', earlier: ['cks-0', 'cks-1'] };

    it.each(['cks-0', 'cks-1', 'cks-2'])('is ours by %s', async (id) => {
      expect(await plan(again, shows('CONNECTED', { CustomKeyStoreId: 'cks-2' }), {}, id)).toMatchObject({ KeyStoreId: 'cks-2' });
      expect(wire.inputs(DESCRIBE)).toEqual([{ CustomKeyStoreId: 'cks-2' }]);
    });

    it('is found by our note although its id never reached the ledger, and is recorded', async () => {
      const storing = { ...NAMED, at: new Date(WRITTEN_AT).toISOString() };
      const changing = { before: 'GONE' as const };
      const { [DESCRIBE]: shown = {} } = shows('DISCONNECTED', { CustomKeyStoreId: 'cks-2', CreationDate: WRITTEN_AT / 1000 + 3 });
      expect(await plan({ ...LEDGER, storing, changing }, { [DESCRIBE]: shown }, { KeyStoreName: 'new-name' })).toMatchObject({ KeyStoreId: 'cks-2' });
      expect(wire.inputs(DESCRIBE)).toEqual([{ CustomKeyStoreName: 'my-store' }, { CustomKeyStoreId: 'cks-2' }]);
      expect(secrets.json('ledger')).toEqual({ ...LEDGER, store: 'cks-2', earlier: ['cks-1'], newest: { execution: EXECUTION }, changing });
    });

    it('is not decided on while KMS may not show it yet', async () => {
      const storing = { ...NAMED, at: new Date().toISOString() };
      expect((await failureOf(plan({ ...LEDGER, storing, changing: { before: 'GONE' } }, GONE))).name).toBe('KeyStoreNotYetVisible');
      expect(secrets.count('ledger')).toBe(1);
    });

    it('is not taken for one that somebody made under its name, although release 0.1.0 left its note in the ledger', async () => {
      const storing = { ...NAMED, at: new Date(WRITTEN_AT).toISOString() };
      expect(await plan({ ...LEDGER, storing }, GONE, { KeyStoreName: 'new-name' })).toMatchObject({ KeyStoreId: 'cks-1', Reset: true });
      expect(wire.inputs(DESCRIBE)).toEqual([{ CustomKeyStoreId: 'cks-1' }, { CustomKeyStoreId: 'cks-1' }]);
      expect(secrets.json('ledger')).not.toHaveProperty('storing');
    });
  });
});

describe('change', () => {
  const PLANNED = { KeyStoreId: 'cks-1', Ledger: 'ledger-1', Reset: false, Disconnect: false, Change: true, Connect: true };
  const TOLD: Script = { [TELL]: {} };
  const changed = (Ledger: string, more: Json = {}) => ({ ...PLANNED, Ledger, ...more });

  /** Makes the change with a ledger; its version is `ledger-1`. */
  function change(changing: Ledger['changing'], script: Script, wanted: Partial<KeyStoreProperties> = {}, more: Ledger = {}) {
    secrets = new Secrets().put('ca-secret', 'PEM of the customer CA');
    ledgerIs({ ...LEDGER, ...more, ...(changing && { changing }) });
    return step('change', asking(wanted), script, 'ledger-1', { KeyStore: PLANNED });
  }

  const NAME = { KeyStoreName: 'new-name' };
  const MOVE = { CloudHsmClusterId: RELATED };
  const told = (name: string, clusterId: string) => ({ name, clusterId });
  const id = { CustomKeyStoreId: 'cks-1' };

  it.each<[string, Ledger['changing'], Script, Partial<KeyStoreProperties>, Json]>([
    ['another name, while the store is connected', { before: 'CONNECTED' }, shows('CONNECTED'), NAME, { NewCustomKeyStoreName: 'new-name' }],
    ['another name, while the store is disconnected', { before: 'DISCONNECTED' }, shows('DISCONNECTED'), NAME, { NewCustomKeyStoreName: 'new-name' }],
    ['a new password', { before: 'CONNECTED', untold: CLUSTER }, shows('DISCONNECTED'), {}, { KeyStorePassword: INTENT }],
    ['a new password and another name', { before: 'CONNECTED', untold: CLUSTER }, shows('DISCONNECTED'), NAME, { KeyStorePassword: INTENT, NewCustomKeyStoreName: 'new-name' }],
    ['a related cluster with the password there', { before: 'CONNECTED', untold: RELATED }, shows('DISCONNECTED'), MOVE, { KeyStorePassword: INTENT, CloudHsmClusterId: RELATED }],
    [
      'all three at once',
      { before: 'CONNECTED', untold: RELATED },
      shows('DISCONNECTED'),
      { ...MOVE, ...NAME },
      { KeyStorePassword: INTENT, CloudHsmClusterId: RELATED, NewCustomKeyStoreName: 'new-name' },
    ],
    ['the old name, which KMS still shows', { before: 'CONNECTED', told: told('new-name', CLUSTER) }, shows('CONNECTED'), {}, { NewCustomKeyStoreName: 'my-store' }],
    ['the old name, of which the ledger has nothing', { before: 'CONNECTED' }, shows('CONNECTED', { CustomKeyStoreName: 'new-name' }), {}, { NewCustomKeyStoreName: 'my-store' }],
    ['the new name, which KMS shows already', { before: 'CONNECTED' }, shows('CONNECTED', { CustomKeyStoreName: 'new-name' }), NAME, { NewCustomKeyStoreName: 'new-name' }],
    [
      'the old cluster, which KMS still shows',
      { before: 'CONNECTED', untold: CLUSTER, told: told('my-store', RELATED) },
      shows('DISCONNECTED'),
      {},
      { KeyStorePassword: INTENT, CloudHsmClusterId: CLUSTER },
    ],
    [
      'the old cluster, of which the ledger has nothing',
      { before: 'CONNECTED', untold: CLUSTER },
      shows('DISCONNECTED', { CloudHsmClusterId: RELATED }),
      {},
      { KeyStorePassword: INTENT, CloudHsmClusterId: CLUSTER },
    ],
  ])('tells KMS %s', async (_what, changing, script, wanted, told) => {
    expect(await change(changing, { ...script, ...TOLD }, wanted)).toEqual(changed('ledger-3'));
    expect(wire.inputs(TELL)).toEqual([{ ...id, ...told }]);
    const { KeyStoreName: name, CloudHsmClusterId: clusterId } = { ...PROPERTIES, ...wanted };
    expect(secrets.json('ledger')).toEqual({ ...LEDGER, changing: { before: changing?.before, told: { name, clusterId } } });
  });

  it.each<[string, Ledger['changing'], Script, Partial<KeyStoreProperties>]>([
    ['all is as it was', { before: 'CONNECTED' }, shows('CONNECTED'), {}],
    ['only what KMS does not know has changed', { before: 'CONNECTED' }, shows('CONNECTED'), { ClientInstanceId: 'i-00000000000000001', DeleteKeyStoreUponStackDeletion: 'true' }],
    ['a move ended before kmsuser had a password there', { before: 'CONNECTED' }, shows('DISCONNECTED'), MOVE],
    ['kmsuser has got a password in another cluster', { before: 'CONNECTED', untold: RELATED }, shows('DISCONNECTED'), {}],
    ['nothing is to be told, and the store is FAILED', { before: 'DISCONNECTED' }, shows('FAILED'), {}],
  ])('tells KMS nothing, and writes nothing, when %s', async (_what, changing, script, wanted) => {
    expect(await change(changing, script, wanted)).toEqual(changed('ledger-1'));
    expect(secrets.count('ledger')).toBe(1);
  });

  it('notes what it is about to tell before it does, and only then that the password is told', async () => {
    let noted: Json = {};
    const telling = () => {
      noted = secrets.json('ledger');
      return {};
    };
    await change({ before: 'CONNECTED', untold: RELATED }, { ...shows('DISCONNECTED'), [TELL]: telling }, MOVE);
    expect(noted['changing']).toEqual({ before: 'CONNECTED', untold: RELATED, told: told('my-store', RELATED) });
  });

  it('never answers the password', async () => {
    expect(JSON.stringify(await change({ untold: CLUSTER }, { ...shows('DISCONNECTED'), ...TOLD }))).not.toContain(INTENT);
  });

  it.each<[string, Ledger['changing'], string, Partial<KeyStoreProperties>]>([
    ['a password', { untold: CLUSTER }, 'CONNECTED', {}],
    ['a password', { untold: CLUSTER }, 'CONNECTING', {}],
    ['a password', { untold: CLUSTER }, 'DISCONNECTING', {}],
    ['a password', { untold: CLUSTER }, 'FAILED', {}],
    ['a name', {}, 'CONNECTING', NAME],
    ['a name', {}, 'DISCONNECTING', NAME],
    ['a name', {}, 'FAILED', NAME],
  ])('does not tell KMS %s (%j) while the store is %s, and notes nothing', async (_what, changing, state, wanted) => {
    const { name, message } = await failureOf(change(changing, shows(state), wanted));
    expect(name).toBe('KeyStoreNotSettled');
    expect(message).toBe(say(messages.KEY_STORE_NOT_SETTLED, { id: 'cks-1', state }));
    expect(secrets.count('ledger')).toBe(1);
  });

  const UNTOLD = { before: 'CONNECTED' as const, untold: CLUSTER };

  it.each(['CustomKeyStoreNameInUseException', 'CloudHsmClusterNotRelatedException', 'CloudHsmClusterNotActiveException', 'CloudHsmClusterInvalidConfigurationException'])(
    'leaves the ledger as it was when KMS refuses for good (%s)',
    async (refusal) => {
      expect((await failureOf(change(UNTOLD, { ...shows('DISCONNECTED'), [TELL]: [refuse(refusal)] }, NAME))).name).toBe(refusal);
      expect(secrets.json('ledger')).toEqual({ ...LEDGER, changing: UNTOLD });
    },
  );

  it.each([
    ['TransientError', refuse('ThrottlingException')],
    ['TransientError', refuse('AccessDeniedException')],
    ['TransientError', refuse('KMSInternalException', 'broken', 500)],
    ['CustomKeyStoreInvalidStateException', refuse('CustomKeyStoreInvalidStateException')],
  ])('keeps its note, to be tried again as %s, after %j', async (name, error) => {
    expect((await failureOf(change(UNTOLD, { ...shows('DISCONNECTED'), [TELL]: [error] }, NAME))).name).toBe(name);
    expect(secrets.json('ledger')['changing']).toEqual({ ...UNTOLD, told: told('new-name', CLUSTER) });
  });

  it.each(['ThrottlingException', 'AccessDeniedException', 'CustomKeyStoreInvalidStateException'])('leaves the ledger as it was when KMS still refuses at the last attempt (%s)', async (refusal) => {
    ledgerIs({ ...LEDGER, changing: UNTOLD });
    const script = { ...shows('DISCONNECTED'), [TELL]: [refuse(refusal)] };
    await failureOf(step('change', asking(NAME), script, 'ledger-1', { KeyStore: PLANNED, Attempt: LAST_ATTEMPT }));
    expect(secrets.json('ledger')).toEqual({ ...LEDGER, changing: UNTOLD });
  });

  it('writes the same two versions, however often it is tried', async () => {
    await failureOf(change(UNTOLD, { ...shows('DISCONNECTED'), [TELL]: [refuse('ThrottlingException')] }, NAME));
    const again = (script: Script) => step('change', asking(NAME), { ...shows('DISCONNECTED'), ...script }, 'ledger-1', { KeyStore: PLANNED });
    for (let attempt = 0; attempt < 3; attempt++) await failureOf(again({ [TELL]: [refuse('KMSInternalException', 'broken', 500)] }));
    expect(await again(TOLD)).toEqual(changed('ledger-3'));
    expect(await again(TOLD)).toEqual(changed('ledger-3'));
    expect(wire.inputs(TELL)).toEqual([{ ...id, NewCustomKeyStoreName: 'new-name', KeyStorePassword: INTENT }]);
  });

  describe('of a store that is gone', () => {
    const MADE: Script = { ...GONE, [CREATE]: [{ CustomKeyStoreId: 'cks-2' }] };
    const RESET = { before: 'GONE' as const, untold: CLUSTER };

    it('makes it again with the password of kmsuser, and answers its new id', async () => {
      expect(await change(RESET, MADE, NAME)).toEqual(changed('ledger-3', { KeyStoreId: 'cks-2' }));
      const TrustAnchorCertificate = 'PEM of the customer CA';
      expect(wire.inputs(CREATE)).toEqual([{ CustomKeyStoreName: 'new-name', CloudHsmClusterId: CLUSTER, KeyStorePassword: INTENT, TrustAnchorCertificate }]);
    });

    it('records the new id, the earlier ones, and that KMS knows the password', async () => {
      await change(RESET, MADE, {}, { earlier: ['cks-0'] });
      expect(secrets.json('ledger')).toEqual({ ...LEDGER, store: 'cks-2', earlier: ['cks-0', 'cks-1'], changing: { before: 'GONE' } });
    });

    it('counts no earlier id where KMS answers the same store', async () => {
      await change(RESET, { ...GONE, [CREATE]: [{ CustomKeyStoreId: 'cks-1' }] });
      expect(secrets.json('ledger')).toEqual({ ...LEDGER, changing: { before: 'GONE' } });
    });

    it('notes what it is about to make, and withdraws the note when KMS refuses for good', async () => {
      let noted: Json = {};
      const refusing = () => {
        noted = secrets.json('ledger');
        return refuse('CloudHsmClusterInUseException');
      };
      expect((await failureOf(change(RESET, { ...GONE, [CREATE]: refusing }))).name).toBe('CloudHsmClusterInUseException');
      expect(noted).toEqual({ ...LEDGER, storing: { ...NAMED, at: new Date(WRITTEN_AT).toISOString() }, changing: RESET });
      expect(secrets.json('ledger')).toEqual({ ...LEDGER, changing: RESET });
    });
  });
});

describe('an update that another one has taken over from', () => {
  const LATEST = { execution: executionOf(LATER, 'vault-1') };
  const half: Ledger = { ...LEDGER, newest: { execution: EXECUTION }, changing: { before: 'CONNECTED', untold: CLUSTER } };
  const steps = ['check', 'change', 'complete'] as const;

  it.each(steps)('takes no step %s', async (Do) => {
    ledgerIs({ ...half });
    ledgerIs({ ...half, newest: LATEST });
    const { name, message } = await failureOf(step(Do, asking({}), {}, 'ledger-1', { Execution: EXECUTION }));
    expect({ name, message }).toEqual({ name: 'TransientError', message: taken(LATEST.execution) });
    expect(secrets.count('ledger')).toBe(2);
  });

  it.each(steps)('takes no step %s, although what it has read bears the later one', async (Do) => {
    ledgerIs({ ...half, newest: LATEST });
    expect((await failureOf(step(Do, asking({}), {}, 'ledger-1', { Execution: EXECUTION }))).message).toBe(taken(LATEST.execution));
  });

  it.each(steps)('takes no step %s after the later one is complete', async (Do) => {
    ledgerIs({ ...half });
    ledgerIs({ ...LEDGER, newest: LATEST });
    expect((await failureOf(step(Do, asking({}), {}, 'ledger-1', { Execution: EXECUTION }))).message).toBe(taken(LATEST.execution));
  });

  it('is not what Secrets Manager may still show: that is looked at again', async () => {
    ledgerIs({ ...half });
    ledgerIs({ ...LEDGER });
    expect(await failureOf(step('check', asking({}), {}, 'ledger-1', { Execution: EXECUTION }))).toMatchObject({ name: 'TransientError', message: 'The plan of this update is not visible yet' });
  });

  it.each<[string, string, number]>([
    ['a Delete, which names no execution', '', 0],
    ['the newest update', EXECUTION, 1],
  ])('is not %s', async (_what, Execution, reads) => {
    ledgerIs({ ...half });
    expect(await step('check', asking({}), {}, 'ledger-1', { Execution })).toEqual({});
    expect(wire.inputs('secretsmanager:GetSecretValue')).toHaveLength(reads);
  });
});
