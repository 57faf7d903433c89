import { STACK } from '../../rehearsal/world';
import { withHandler, withoutGrant, withTimeout } from './faulty-template';
import { openLife, type Life } from './life';

const STOPPED_WITHIN = 120;

/** What a rolled-back or deleted stack must look like: nothing of it is left, and no login was refused. */
async function expectNothingLeft(life: Life): Promise<void> {
  expect(await life.left()).toEqual([]);
  expect(life.logins()).not.toContain(false);
}

describe('a stack that is deleted in the middle of its create leaves nothing', () => {
  it.each([0, 3, 6, 9, 12, 15, 18, 21, 24, 27, 30, 33, 45, 60, 240, 480])('%i seconds after the key store was asked for', async (seconds) => {
    const life = await openLife({ seed: seconds + 1 });
    expect(await life.deleteDuringCreate(seconds)).toBe('DELETE_COMPLETE');
    await expectNothingLeft(life);
  });

  it.each([3, 6, 12, 16, 22, 23])('at once, even when the event of the delete overtakes that of the create (seed %i)', async (seed) => {
    const life = await openLife({ seed });
    expect(await life.deleteDuringCreate(0)).toBe('DELETE_COMPLETE');
    await expectNothingLeft(life);
  });

  it('while the command that creates kmsuser is being sent', async () => {
    const life = await openLife();
    expect(await life.deleteDuringCreate(() => life.ledger().intent !== undefined)).toBe('DELETE_COMPLETE');
    await expectNothingLeft(life);
  });

  it('while KMS is being asked for the key store', async () => {
    const life = await openLife();
    expect(await life.deleteDuringCreate(() => life.ledger().storing !== undefined)).toBe('DELETE_COMPLETE');
    await expectNothingLeft(life);
  });

  it('when KMS has made the key store and its id is not in the ledger yet', async () => {
    const life = await openLife();
    expect(await life.deleteDuringCreate(() => life.keyStore() !== 'none')).toBe('DELETE_COMPLETE');
    await expectNothingLeft(life);
  });

  it('when all is done but the answer', async () => {
    const life = await openLife();
    expect(await life.deleteDuringCreate(() => life.ledger().created !== undefined)).toBe('DELETE_COMPLETE');
    expect(life.verdicts().map(({ type }) => type)).toEqual(['Delete']);
    await expectNothingLeft(life);
  });

  it.each([20, 300])('and can be created again (%i seconds after the key store was asked for)', async (seconds) => {
    const life = await openLife();
    await life.deleteDuringCreate(seconds);
    expect(await life.create({ pDeleteKeyStoreUponStackDeletion: 'true' })).toBe('CREATE_COMPLETE');
    expect(life.keyStore()).toBe('CONNECTED');
    await life.delete();
    await expectNothingLeft(life);
  });
});

describe('an execution that an operator stops', () => {
  it.each([3, 12, 20, 28, 33, 90])('%i seconds into the create is answered for, and the rollback leaves nothing', async (seconds) => {
    const life = await openLife();
    expect(await life.meanwhile('create', seconds, () => life.stopExecution('create'))).toBe('ROLLBACK_COMPLETE');
    const [create] = life.verdicts();
    expect(create?.reason).toMatch(/^The execution ended ABORTED before it answered\. Try again\. \(arn:\S+\)/);
    expect(create?.seconds).toBeLessThan(seconds + STOPPED_WITHIN);
    await life.delete();
    await expectNothingLeft(life);
  });

  it('in the middle of an update is answered for, and the store is as before', async () => {
    const life = await openLife();
    await life.create();
    expect(await life.meanwhile('update', 6, () => life.stopExecution('update'), { pKeyStoreName: 'renamed' })).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(life.verdicts().map(({ type, status }) => [type, status])).toEqual([['Create', 'SUCCESS'], ['Update', 'FAILED'], ['Update', 'SUCCESS']]);
    expect([life.keyStore(), life.world.account.kms.state.keyStores[0]?.name]).toEqual(['CONNECTED', 'cloudhsm-key-store']);
  });
});

describe('a request that cannot be carried out is answered', () => {
  it('when the state machine may not be started, with the reason', async () => {
    const life = await openLife({ change: withoutGrant('rRoleLambdaCustomResource', 'states:StartExecution') });
    expect(await life.create()).toBe('ROLLBACK_FAILED');
    expect(life.verdicts().map(({ status }) => status)).toEqual(['FAILED', 'FAILED']);
    expect(life.verdicts()[0]?.reason).toMatch(/^The request could not be started\. .*try again\. \(AccessDenied.*StartExecution/);
    expect(life.verdicts()[0]?.seconds).toBeLessThan(STOPPED_WITHIN);
  });

  it.each([
    ['throws', "() => { throw new Error('broken'); }", /broken/],
    ['dies', '() => process.exit(1)', /./],
    ['cannot be loaded', "(() => { throw new Error('broken'); })()", /broken/],
    ['never returns', '() => new Promise((resolve) => setTimeout(resolve, 100000))', /./],
  ])('when a function %s', async (_title, handler, reason) => {
    const life = await openLife({ change: withHandler('rLambdaCheckPrerequisites', handler) });
    expect(await life.create()).toBe('ROLLBACK_COMPLETE');
    expect(life.verdicts()[0]).toMatchObject({ type: 'Create', status: 'FAILED' });
    expect(life.verdicts()[0]?.reason).toMatch(reason);
    expect(life.verdicts()[0]?.seconds).toBeLessThan(6 * 60);
    await life.delete();
    await expectNothingLeft(life);
  });

  it.each([
    ['throws', "() => { throw new Error('broken'); }"],
    ['cannot be loaded', "(() => { throw new Error('broken'); })()"],
  ])('when the function that CloudFormation calls %s', async (_title, handler) => {
    const life = await openLife({ change: withHandler('rLambdaCustomResource', handler) });
    expect(await life.create()).toBe('ROLLBACK_FAILED');
    expect(life.verdicts()[0]?.reason).toMatch(/^The request could not be started\. .*try again\. \(broken\)/);
    expect(life.verdicts()[0]?.seconds).toBeLessThan(11 * 60);
  });

  it('when the state machine runs into its time-out', async () => {
    const life = await openLife({ change: withTimeout('rStateMachineCreateKeyStore', 60) });
    expect(await life.create()).toBe('ROLLBACK_COMPLETE');
    expect(life.verdicts()[0]).toMatchObject({ type: 'Create', status: 'FAILED' });
    expect(life.verdicts()[0]?.reason).toMatch(/TIMED_OUT/);
    expect(life.verdicts()[0]?.seconds).toBeLessThan(60 + STOPPED_WITHIN);
    await life.delete();
    await expectNothingLeft(life);
  });

  it('when the function that answers fails before its first PUT', async () => {
    const life = await openLife({ change: withHandler('rLambdaSendCfnResponse', "(event) => { if (calls++ === 0) throw new Error('once'); return handler(event); }") });
    expect(await life.create()).toBe('CREATE_COMPLETE');
  });

  it('once, with one verdict, when the function that answers fails after its first PUT', async () => {
    const life = await openLife({
      change: withHandler('rLambdaSendCfnResponse', "async (event) => { const answer = await handler(event); if (calls++ === 0) throw new Error('once'); return answer; }"),
    });
    expect(await life.create()).toBe('CREATE_COMPLETE');
    await life.pass(600);
    expect(life.world.account.cloudFormation.answers.map(({ status, accepted }) => [status, accepted])).toEqual([['SUCCESS', true], ['SUCCESS', false]]);
    expect(life.keyStore()).toBe('CONNECTED');
  });
});

describe('a request that comes after a later one', () => {
  it.each([0, 1, 2])('changes nothing: an update whose function crashes after %i calls, and that is tried again when it has been rolled back', async (afterRequests) => {
    const life = await openLife();
    await life.create();
    const { cloudFormation, kms, lambda } = life.world.account;
    const functionName = Object.keys(lambda.state.functions).find((name) => name.includes('-rLambdaCustomResource-')) ?? '';
    lambda.crashes.push({ functionName, afterRequests });
    const status = await life.meanwhile('update', 6, () => {
      cloudFormation.cancelUpdateStack(STACK);
    }, { pKeyStoreName: 'renamed' });
    expect([status, lambda.crashes]).toEqual(['UPDATE_ROLLBACK_COMPLETE', []]);
    await life.pass(300);
    expect([life.keyStore(), kms.state.keyStores[0]?.name]).toEqual(['CONNECTED', 'cloudhsm-key-store']);
  });
});

describe('what is delivered twice', () => {
  it.each([1, 2, 3])('changes nothing, when Lambda and EventBridge deliver every event twice (seed %i)', async (seed) => {
    const life = await openLife({ seed });
    life.world.account.lambda.duplicateAsync = 1;
    life.world.account.events.duplicates = 1;
    expect(await life.create({ pDeleteKeyStoreUponStackDeletion: 'true' })).toBe('CREATE_COMPLETE');
    expect(await life.update({ pKeyStoreName: 'renamed' })).toBe('UPDATE_COMPLETE');
    expect(life.keyStore()).toBe('CONNECTED');
    expect(await life.delete()).toBe('DELETE_COMPLETE');
    expect(life.logins()).toEqual([true, true]);
    await expectNothingLeft(life);
  });

  it.each([2, 15, 60, 400])('joins the create that runs, when its request comes again %i seconds later', async (seconds) => {
    const life = await openLife();
    const again = () => life.world.account.cloudFormation.redeliver(requestIds(life)[0] ?? '');
    expect(await life.meanwhile('create', seconds, again)).toBe('CREATE_COMPLETE');
    expect(life.verdicts()).toHaveLength(1);
    expect(life.logins()).toEqual([true]);
  });

  it('is ignored, when the requests of a life come again after the next one', async () => {
    const life = await openLife();
    await life.create();
    await life.update({ pKeyStoreName: 'renamed' });
    for (const requestId of requestIds(life)) {
      void life.world.account.cloudFormation.redeliver(requestId);
      await life.pass(900);
    }
    expect([life.keyStore(), life.world.account.kms.state.keyStores[0]?.name]).toEqual(['CONNECTED', 'renamed']);
    expect(life.verdicts()).toHaveLength(2);
  });
});

function requestIds(life: Life): string[] {
  return Object.keys(life.world.account.cloudFormation.state.customResources.requests);
}
