import * as messages from '../../functions/shared/src/messages';
import type { Request } from '../../functions/shared/src/request';
import { say } from '../../functions/shared/src/say';
import { clusterWith, failureOf, PROPERTIES, request } from './requests';
import { Secrets, WRITTEN_AT } from './secrets';
import { refuse, wireFor, type Json, type Script, type WireCall } from './wire';

const wire = wireFor({ LEDGER: 'ledger', CA_CERT_SECRET: 'ca-secret' });

const INTENT = 'R'.repeat(32);
const NAMED = { name: 'my-store', clusterId: PROPERTIES.CloudHsmClusterId };
const CREATE = 'kms:CreateCustomKeyStore';
const DESCRIBE = 'kms:DescribeCustomKeyStores';
const RENAME = 'kms:UpdateCustomKeyStore';

let secrets: Secrets;

beforeEach(() => {
  secrets = new Secrets().put('ca-secret', 'PEM of the customer CA');
});

/** Takes one step with a ledger; its version is `ledger-1`. */
async function step(Do: 'create' | 'complete' | 'find' | 'update', Request: Request, script: Script = {}, Ledger = 'ledger-1') {
  const { handler } = await import('../../functions/manage-key-store/src/index');
  wire.script({ ...secrets.answers, 'cloudhsm:DescribeClusters': clusterWith(['a', 'b']), ...script });
  return handler({ Do, Request, Ledger });
}

const ledgerIs = (ledger: Json) => secrets.put('ledger', JSON.stringify(ledger));

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
});

describe('find', () => {
  const NOTED_AT = '2026-01-01T12:00:00.000Z';
  /** Seconds since the epoch, as KMS answers a date. */
  const at = (secondsLater: number) => Date.parse(NOTED_AT) / 1000 + secondsLater;
  const storing = { ...NAMED, at: NOTED_AT };
  const complete = { intent: INTENT, made: true, storing, store: 'cks-1', created: PROPERTIES };

  const find = (id: string, script: Script = {}, more: Partial<Request> = {}) => step('find', request('Delete', { PhysicalResourceId: id, ...more }), script);

  it.each([
    ["the store's id", 'cks-1', 'leaves it to the user to keep', false],
    ['the marker of a create that failed', 'key-store-not-created', 'wants it deleted', true],
    ['an id that CloudFormation made up, because it cancelled the create', 'cloudhsm-rKmsCloudHsmKeyStore-1XYZ', 'wants it deleted', true],
  ])('by %s (%s) finds the store of the ledger without asking KMS, and %s', async (_what, id, _wish, Delete) => {
    ledgerIs(complete);
    expect(await find(id)).toEqual({ KeyStoreId: 'cks-1', Delete, KmsUser: true, Ledger: 'ledger-1' });
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
      expect(message).toBe('The key store was about to be created, and KMS does not show yet whether it was');
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
});

describe('update', () => {
  const RENAMED = { ...PROPERTIES, KeyStoreName: 'new-name' };
  const isNamed = (name: string): Script => ({ [DESCRIBE]: [{ CustomKeyStores: [{ CustomKeyStoreId: 'cks-1', CustomKeyStoreName: name }] }], [RENAME]: {} });

  function update(wanted: typeof PROPERTIES, script: Script, more: Partial<Request> = {}) {
    return step('update', request('Update', { PhysicalResourceId: 'cks-1', ResourceProperties: wanted, OldResourceProperties: PROPERTIES, ...more }), script);
  }

  beforeEach(() => {
    ledgerIs({ intent: INTENT, store: 'cks-1', created: PROPERTIES });
  });

  it('renames the store in place, and records the new properties', async () => {
    expect(await update(RENAMED, isNamed('my-store'))).toEqual({ KeyStoreId: 'cks-1', Ledger: 'ledger-3' });
    expect(wire.inputs(RENAME)).toEqual([{ CustomKeyStoreId: 'cks-1', NewCustomKeyStoreName: 'new-name' }]);
    expect(secrets.json('ledger')).toEqual({ intent: INTENT, store: 'cks-1', created: RENAMED });
  });

  it('changes nothing in KMS when the name is as it was', async () => {
    await update(PROPERTIES, isNamed('my-store'));
    expect(wire.inputs(RENAME)).toEqual([]);
    expect(secrets.json('ledger')['created']).toEqual(PROPERTIES);
  });

  it('notes the new name before it asks KMS for it', async () => {
    let noted: Json = {};
    const renaming = () => {
      noted = secrets.json('ledger');
      return {};
    };
    await update(RENAMED, { ...isNamed('my-store'), [RENAME]: renaming });
    expect(noted).toEqual({ intent: INTENT, store: 'cks-1', created: PROPERTIES, renaming: 'new-name' });
  });

  it('of a rollback renames back, although KMS still shows the name from before', async () => {
    secrets = new Secrets();
    ledgerIs({ intent: INTENT, store: 'cks-1', created: PROPERTIES, renaming: 'new-name' });
    await update(PROPERTIES, isNamed('my-store'), { OldResourceProperties: RENAMED });
    expect(wire.inputs(RENAME)).toEqual([{ CustomKeyStoreId: 'cks-1', NewCustomKeyStoreName: 'my-store' }]);
    expect(secrets.json('ledger')).toEqual({ intent: INTENT, store: 'cks-1', created: PROPERTIES });
  });

  it('of a rollback changes nothing after KMS has refused the new name: in a state that refused it, the old one would be refused too', async () => {
    await failureOf(update(RENAMED, { ...isNamed('my-store'), [RENAME]: refuse('CustomKeyStoreNameInUseException') }));
    await step('update', request('Update', { PhysicalResourceId: 'cks-1' }), isNamed('my-store'), '');
    expect(wire.inputs(RENAME)).toEqual([]);
  });

  it('keeps its note after an error that leaves open whether the store was renamed', async () => {
    const broken = { ...isNamed('my-store'), [RENAME]: refuse('KMSInternalException', 'broken', 500) };
    expect((await failureOf(update(RENAMED, broken))).name).toBe('TransientError');
    expect(secrets.json('ledger')['renaming']).toBe('new-name');
  });

  it('of a rollback renames back, although the failed update never reached the ledger', async () => {
    await update(PROPERTIES, isNamed('new-name'), { OldResourceProperties: RENAMED });
    expect(wire.inputs(RENAME)).toEqual([{ CustomKeyStoreId: 'cks-1', NewCustomKeyStoreName: 'my-store' }]);
  });

  it('leaves the ledger as it was when KMS refuses the name', async () => {
    const script = { ...isNamed('my-store'), [RENAME]: refuse('CustomKeyStoreNameInUseException') };
    expect((await failureOf(update(RENAMED, script))).name).toBe('CustomKeyStoreNameInUseException');
    expect(secrets.json('ledger')).toEqual({ intent: INTENT, store: 'cks-1', created: PROPERTIES });
  });

  it('of pCloudHsmClusterId is refused before anything is changed, together with a new name', async () => {
    const { name, message } = await failureOf(update({ ...RENAMED, CloudHsmClusterId: 'another' }, {}));
    expect({ name, message }).toEqual({ name: 'Refused', message: say(messages.UPDATE_NOT_SUPPORTED, { parameters: 'pCloudHsmClusterId' }) });
    expect(secrets.count('ledger')).toBe(1);
  });

  it.each(['CloudHsmAdminPasswordSecretName', 'ClientInstanceId', 'DeleteKeyStoreUponStackDeletion'] as const)('of p%s asks nothing of KMS, and is in force', async (property) => {
    await update({ ...PROPERTIES, [property]: 'another' }, isNamed('my-store'));
    expect(wire.inputs(RENAME)).toEqual([]);
    expect(secrets.json('ledger')).toEqual({ intent: INTENT, store: 'cks-1', created: { ...PROPERTIES, [property]: 'another' } });
  });

  it.each([
    ['the same certificate', 'PEM\nof it\n'],
    ['the same certificate with other white space', ' PEM\r\nof it'],
  ])('of pCloudHsmCustCaCertSecretName is in force if the secret holds %s', async (_what, text) => {
    secrets.put('other-ca', text);
    const script = { [DESCRIBE]: { CustomKeyStores: [{ CustomKeyStoreId: 'cks-1', CustomKeyStoreName: 'my-store', TrustAnchorCertificate: 'PEM\nof it\n' }] } };
    await update({ ...PROPERTIES, CloudHsmCustCaCertSecretName: 'other-ca' }, script);
    expect(secrets.json('ledger')['created']).toEqual({ ...PROPERTIES, CloudHsmCustCaCertSecretName: 'other-ca' });
  });

  it.each([
    ['another certificate', 'PEM\nof another\n'],
    ['nothing', ''],
  ])('of pCloudHsmCustCaCertSecretName is refused before anything is changed if the secret holds %s', async (_what, text) => {
    secrets.put('other-ca', text);
    const script = { [DESCRIBE]: { CustomKeyStores: [{ CustomKeyStoreId: 'cks-1', CustomKeyStoreName: 'my-store', TrustAnchorCertificate: 'PEM\nof it\n' }] } };
    const { name, message } = await failureOf(update({ ...RENAMED, CloudHsmCustCaCertSecretName: 'other-ca' }, script));
    expect({ name, message }).toEqual({ name: 'Refused', message: say(messages.TRUST_ANCHOR_FIXED, { secret: 'other-ca', id: 'cks-1' }) });
    expect(wire.inputs(RENAME)).toEqual([]);
    expect(secrets.count('ledger')).toBe(1);
  });

  it.each<[string, Json]>([
    ['a store that the ledger does not know', { intent: INTENT, store: 'cks-2', created: PROPERTIES }],
    ['a store whose create never ended', { intent: INTENT, store: 'cks-1' }],
    ['an empty ledger', {}],
  ])('of %s is refused before anything is asked of KMS', async (_what, ledger) => {
    secrets = new Secrets();
    ledgerIs(ledger);
    const { name, message } = await failureOf(update(RENAMED, {}));
    expect({ name, message }).toEqual({ name: 'Refused', message: say(messages.KEY_STORE_FOREIGN, { id: 'cks-1' }) });
  });
});
