import { custom, play, thing } from './play';
import { answering, asked, create, no, update } from './steps';

type World = ReturnType<typeof play>;

const pair = (world: World, first: number, second: number) => [world.requests[first], world.requests[second]] as const;

/** The retry has the id of the first request and is like it, but is answered elsewhere. */
function expectSameRequest([first, retry]: ReturnType<typeof pair>): void {
  expect(retry?.RequestId).toBe(first?.RequestId);
  expect({ ...retry, ResponseURL: '' }).toEqual({ ...first, ResponseURL: '' });
  expect(retry?.ResponseURL).not.toBe(first?.ResponseURL);
}

/** A stack whose first delete failed, and is tried again. */
async function deletedTwice(): Promise<World> {
  const world = play();
  await create(world, { C: custom({ Size: 1 }) });
  answering(world, () => no);
  await world.over(world.cloudFormation.deleteStack('s'));
  answering(world, () => undefined);
  await world.over(world.cloudFormation.deleteStack('s'));
  return world;
}

describe('a request that is retried with a failed operation', () => {
  test('has its RequestId again in a second delete, and only its ResponseURL is new', async () => {
    const world = await deletedTwice();
    expectSameRequest(pair(world, 1, 2));
    expect(world.cloudFormation.stack('s').status).toBe('DELETE_COMPLETE');
  });

  test('has its RequestId again in an update after one that was rolled back, and so has its reverse', async () => {
    const world = play();
    await create(world, { C: custom({ Size: 1 }) });
    answering(world, ({ ResourceProperties }) => (ResourceProperties.Size === '2' ? no : undefined));
    await update(world, { C: custom({ Size: 2 }) });
    await update(world, { C: custom({ Size: 2 }) });
    expect(asked(world).slice(1).map(([, , size]) => size)).toEqual(['2', '1', '2', '1']);
    expectSameRequest(pair(world, 1, 3));
    expectSameRequest(pair(world, 2, 4));
    expect(world.requests[2]?.RequestId).not.toBe(world.requests[1]?.RequestId);
  });

  test('has its RequestId again in a continued rollback', async () => {
    const world = play();
    await create(world, { C: custom({ Size: 1 }) });
    answering(world, () => no);
    await update(world, { C: custom({ Size: 2 }) });
    await world.over(world.cloudFormation.continueUpdateRollback('s'));
    expectSameRequest(pair(world, 2, 3));
  });

  test('has its RequestId again in the update that makes once more what failed to create', async () => {
    const world = play();
    answering(world, ({ RequestType }) => (RequestType === 'Create' ? no : undefined));
    await create(world, { C: custom({ Size: 1 }) }, { disableRollback: true });
    await update(world, { C: custom({ Size: 1 }) }, { disableRollback: true });
    expect(asked(world).map(([type]) => type)).toEqual(['Create', 'Delete', 'Create']);
    expectSameRequest(pair(world, 0, 2));
  });

  test('has a new RequestId when it asks for something else', async () => {
    const world = play();
    await create(world, { C: custom({ Size: 1 }) });
    answering(world, ({ ResourceProperties }) => (ResourceProperties.Size === '2' ? no : undefined));
    await update(world, { C: custom({ Size: 2 }) });
    await update(world, { C: custom({ Size: 3 }) });
    expect(new Set(world.requests.map(({ RequestId }) => RequestId)).size).toBe(world.requests.length);
  });

  test('has a new RequestId when another operation came between', async () => {
    const world = play();
    await create(world, { C: custom({ Size: 1 }) });
    answering(world, ({ ResourceProperties }) => (ResourceProperties.Size === '2' ? no : undefined));
    for (const Size of [2, 3, 1, 2]) await update(world, { C: custom({ Size }) });
    const twos = world.requests.filter(({ ResourceProperties }) => ResourceProperties.Size === '2');
    expect(new Set(twos.map(({ RequestId }) => RequestId)).size).toBe(2);
  });

  test('has each RequestId of the first operation once more, if that asked several times', async () => {
    const world = play();
    await create(world, { C: custom({ Size: 1 }) });
    answering(world, ({ RequestType }) => (RequestType === 'Update' ? { PhysicalResourceId: 'thing-2' } : no));
    const failing = { C: custom({ Size: 2 }), T: thing({ Fails: 'create', Uses: { Ref: 'C' } }) };
    await update(world, failing);
    await update(world, failing);
    const deletes = world.requests.filter(({ RequestType }) => RequestType === 'Delete').map(({ RequestId }) => RequestId);
    expect([deletes.length, new Set(deletes.slice(0, 3)).size]).toEqual([6, 3]);
    expect(deletes.slice(3).sort()).toEqual(deletes.slice(0, 3).sort());
  });

  test.each([
    ['is not', false, 'DELETE_COMPLETE', [['FAILED', false], ['SUCCESS', true]]],
    ['may be', true, 'DELETE_FAILED', [['FAILED', true], ['SUCCESS', false]]],
  ])('%s decided by a late answer to the first one', async (_title, earlierUrlAnswers, ended, answers) => {
    const world = play();
    world.cloudFormation.unknowns.earlierUrlAnswers = earlierUrlAnswers;
    await create(world, { C: custom() });
    world.answer = () => Promise.resolve();
    await world.over(world.cloudFormation.deleteStack('s'));
    world.answer = async (event) => {
      const [, first] = world.requests;
      if (first) await world.put(first, no);
      await world.put(event, {});
    };
    expect((await world.over(world.cloudFormation.deleteStack('s')))?.status).toBe(ended);
    expect(world.cloudFormation.answers.slice(1).map(({ status, accepted }) => [status, accepted])).toEqual(answers);
  });

  test('is the one that a second delivery of its RequestId brings; the first one is kept beside it', async () => {
    const world = await deletedTwice();
    const requestId = world.requests[1]?.RequestId ?? '';
    await world.over(world.cloudFormation.redeliver(requestId));
    await world.over(world.cloudFormation.redeliver(`${requestId}#2`));
    expect(world.requests.slice(3).map(({ ResponseURL }) => ResponseURL)).toEqual([world.requests[2]?.ResponseURL, world.requests[1]?.ResponseURL]);
  });
});

describe('a request that is delivered late', () => {
  test('may come when its stack is gone, and its answer changes nothing', async () => {
    const world = play();
    await create(world, { C: custom() });
    await world.over(world.cloudFormation.deleteStack('s'));
    await world.over(world.cloudFormation.redeliver(world.requests[0]?.RequestId ?? ''));
    expect(world.requests.map(({ RequestType }) => RequestType)).toEqual(['Create', 'Delete', 'Create']);
    expect(world.cloudFormation.answers.map(({ accepted }) => accepted)).toEqual([true, true, false]);
    expect(world.cloudFormation.stack('s')).toMatchObject({ status: 'DELETE_COMPLETE', resources: {} });
  });

  test('cannot be answered any more when its URL has expired', async () => {
    const world = play();
    await create(world, { C: custom() });
    await world.aws.clock.runTo(world.aws.clock.now + 7_201_000);
    const [first] = world.requests;
    expect(first && (await world.put(first, {}))).toBe(403);
  });
});

describe('a stack that is made again under its name', () => {
  async function madeAgain(): Promise<World> {
    const world = play();
    await create(world, { C: custom({ Size: 1 }) });
    await world.over(world.cloudFormation.deleteStack('s'));
    await create(world, { C: custom({ Size: 1 }), T: thing() });
    return world;
  }

  test('has another StackId, and shares no RequestId with the first one', async () => {
    const world = await madeAgain();
    const [first, , again] = world.requests;
    expect(again?.StackId).not.toBe(first?.StackId);
    expect(again?.StackId).toBe(world.cloudFormation.stack('s').id);
    expect(again?.RequestId).not.toBe(first?.RequestId);
  });

  test('is not touched by a late request of the first one', async () => {
    const world = await madeAgain();
    await world.over(world.cloudFormation.redeliver(world.requests[1]?.RequestId ?? ''));
    expect(world.requests.at(-1)?.RequestType).toBe('Delete');
    expect(world.cloudFormation.answers.at(-1)?.accepted).toBe(false);
    expect([world.cloudFormation.stack('s').status, Object.keys(world.cloudFormation.stack('s').resources)]).toEqual(['CREATE_COMPLETE', ['C', 'T']]);
  });

  test('cannot be made while the first one is only rolled back', async () => {
    const world = play();
    await create(world, { F: thing({ Fails: 'create' }) });
    await expect(create(world, { F: thing() })).rejects.toThrow('Stack [s] already exists');
  });
});

describe('a custom resource that does not answer', () => {
  const silentFor = (world: World, silent: (type: string) => boolean) => {
    world.answer = async (event) => {
      if (!silent(event.RequestType)) await world.put(event, {});
    };
  };

  test.each([
    ['an hour', {}, 3_600],
    ['its ServiceTimeout', { ServiceTimeout: 90 }, 90],
  ])('fails its update after %s, and its reverse after as long again', async (_title, properties, seconds) => {
    const world = play();
    await create(world, { C: custom({ Size: 1, ...properties }) });
    silentFor(world, (type) => type === 'Update');
    const started = world.aws.clock.now;
    const stack = await update(world, { C: custom({ Size: 2, ...properties }) });
    expect([stack.status, world.aws.clock.now - started]).toEqual(['UPDATE_ROLLBACK_FAILED', 2 * seconds * 1_000]);
    expect(asked(world).slice(1)).toEqual([['Update', 'thing-1', '2'], ['Update', 'thing-1', '1']]);
  });

  test('fails its delete after an hour, and the stack can be deleted again', async () => {
    const world = play();
    await create(world, { C: custom() });
    silentFor(world, () => true);
    const started = world.aws.clock.now;
    const stack = await world.over(world.cloudFormation.deleteStack('s'));
    expect([stack?.status, world.aws.clock.now - started]).toEqual(['DELETE_FAILED', 3_600_000]);
    silentFor(world, () => false);
    expect((await world.over(world.cloudFormation.deleteStack('s')))?.status).toBe('DELETE_COMPLETE');
  });
});
