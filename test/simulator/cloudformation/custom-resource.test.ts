import { custom, play, templateOf, thing } from './play';

const body = templateOf({ C: custom({ Number: 5, Flag: true, List: [1, { Deep: false }] }) });

const MADE_UP = expect.stringMatching(/^s-C-[A-Z0-9]{12}$/) as unknown;

describe('a custom resource', () => {
  test('is asked with every documented field, and every scalar as a string', async () => {
    const world = play();
    const stack = await world.over(world.cloudFormation.createStack({ stackName: 's', templateBody: body }));
    expect(stack.status).toBe('CREATE_COMPLETE');
    const [event] = world.requests;
    expect(event?.ResourceProperties).toEqual({ ServiceToken: event?.ServiceToken, Number: '5', Flag: 'true', List: ['1', { Deep: 'false' }] });
    expect(event).toMatchObject({ RequestType: 'Create', ResourceType: 'Custom::Probe', LogicalResourceId: 'C', StackId: stack.id });
    expect(event).not.toHaveProperty('PhysicalResourceId');
    const query = Object.fromEntries(new URL(event?.ResponseURL ?? '').searchParams);
    expect(query).toMatchObject({ 'X-Amz-Algorithm': 'AWS4-HMAC-SHA256', 'X-Amz-Expires': '7200' });
    const asked = stack.events.find(({ logicalId, status }) => logicalId === 'C' && status === 'CREATE_IN_PROGRESS')?.time ?? 0;
    expect(query['X-Amz-Date']).toBe(new Date(asked).toISOString().replace(/\.\d+|[:-]/g, ''));
  });

  test('gives Fn::GetAtt what it answered as Data, and a missing name fails who asks', async () => {
    const world = play();
    world.answer = async (event) => {
      await world.put(event, { Data: { Name: 'n' } });
    };
    const good = templateOf({ C: custom(), T: thing({ Size: { 'Fn::GetAtt': ['C', 'Name'] } }) }, { Outputs: { O: { Value: { 'Fn::GetAtt': 'T.Size' } } } });
    expect((await world.over(world.cloudFormation.createStack({ stackName: 'a', templateBody: good }))).outputs).toEqual({ O: 'n' });
    const bad = templateOf({ C: custom(), T: thing({ Size: { 'Fn::GetAtt': ['C', 'Other'] } }) });
    const stack = await world.over(world.cloudFormation.createStack({ stackName: 'b', templateBody: bad }));
    expect(stack.status).toBe('ROLLBACK_COMPLETE');
    expect(stack.events.find(({ status }) => status === 'CREATE_FAILED')?.reason).toContain("Vendor response doesn't contain Other attribute");
  });

  test.each([
    ['an answer with a wrong signature', (url: string) => url.replace(/X-Amz-Signature=\w+/, 'X-Amz-Signature=0'), {}, 403],
    ['an answer with a content type', (url: string) => url, { 'content-type': 'application/json' }, 403],
    ['an answer for another request', (url: string) => url.replace(/[0-9a-f-]{36}\?/, `${'0'.repeat(36)}?`), {}, 403],
    ['an answer with an empty content type', (url: string) => url, { 'content-type': '' }, 200],
  ])('%s gets its HTTP status', async (_title, change, headers, status) => {
    const world = play();
    const seen: number[] = [];
    world.answer = async (event) => {
      seen.push(await world.put({ ...event, ResponseURL: change(event.ResponseURL) }, {}, headers));
      await world.put(event, {});
    };
    await world.over(world.cloudFormation.createStack({ stackName: 's', templateBody: body }));
    expect(seen).toEqual([status]);
  });

  test.each([
    ['says FAILED', { Status: 'FAILED', Reason: 'no luck' }, /^Received response status \[FAILED\] from custom resource\. Message returned: no luck \(RequestId: [0-9a-f-]{36}\)$/],
    ['has no physical id', { PhysicalResourceId: '' }, /^Invalid PhysicalResourceId$/],
    ['says FAILED without a physical id', { Status: 'FAILED', Reason: 'x', PhysicalResourceId: '' }, /^Invalid PhysicalResourceId$/],
    ['echoes another StackId', { StackId: 'other' }, /StackId does not match/],
    ['has another Status', { Status: 'OK' }, /Status must be SUCCESS or FAILED/],
    ['is over 4,096 bytes', { Reason: 'é'.repeat(2_100) }, /^Response object is too long\.$/],
    ['is no JSON', 'gone', /not a JSON object/],
  ])('fails when its answer %s', async (_title, verdict, reason) => {
    const world = play();
    world.answer = async (event) => {
      await world.put(event, event.RequestType === 'Create' ? verdict : {});
    };
    const stack = await world.over(world.cloudFormation.createStack({ stackName: 's', templateBody: body }));
    expect(stack.status).toBe('ROLLBACK_COMPLETE');
    expect(stack.events.find(({ logicalId, status }) => logicalId === 'C' && status === 'CREATE_FAILED')?.reason).toMatch(reason);
  });

  test('that fails to create is deleted by the physical id of its answer', async () => {
    const world = play();
    world.answer = async (event) => {
      await world.put(event, event.RequestType === 'Create' ? { Status: 'FAILED', Reason: 'x', PhysicalResourceId: 'real' } : {});
    };
    await world.over(world.cloudFormation.createStack({ stackName: 's', templateBody: body }));
    expect(world.requests.map(({ RequestType, PhysicalResourceId }) => [RequestType, PhysicalResourceId])).toEqual([['Create', undefined], ['Delete', 'real']]);
  });

  test.each([
    ['an hour', {}, 3_600],
    ['its ServiceTimeout', { ServiceTimeout: 60 }, 60],
  ])('that never answers fails after %s, and a later answer is ignored', async (_title, properties, seconds) => {
    const world = play();
    world.answer = async (event) => {
      if (event.RequestType === 'Delete') await world.put(event, {});
    };
    const started = world.aws.clock.now;
    const template = templateOf({ C: custom(properties) });
    const stack = await world.over(world.cloudFormation.createStack({ stackName: 's', templateBody: template, onFailure: 'DO_NOTHING' }));
    expect(world.aws.clock.now - started).toBe(seconds * 1_000);
    expect(stack.status).toBe('CREATE_FAILED');
    expect(stack.events.at(-2)?.reason).toMatch(/^Custom Resource failed to stabilize in expected time\./);
    const [create] = world.requests;
    if (create) expect(await world.put(create, {})).toBe(200);
    expect(world.cloudFormation.answers.map(({ accepted }) => accepted)).toEqual([false]);
    await world.over(world.cloudFormation.deleteStack('s'));
    expect(world.requests[1]?.PhysicalResourceId).toMatch(/^s-C-[A-Z0-9]{12}$/);
  });

  test('is not answered by PUTs that are refused, and is by the one after them', async () => {
    const world = play();
    const seen: number[] = [];
    world.answer = async (event) => {
      for (let number = 0; number < 3; number++) seen.push(await world.put(event, { PhysicalResourceId: `thing-${number}` }));
    };
    world.cloudFormation.refusePuts(2, 503);
    const stack = await world.over(world.cloudFormation.createStack({ stackName: 's', templateBody: body }));
    expect(seen).toEqual([503, 503, 200]);
    expect(stack.resources.C?.physicalId).toBe('thing-2');
    expect(world.cloudFormation.answers).toHaveLength(1);
  });

  test('is not answered at all while every PUT is refused', async () => {
    const world = play();
    world.cloudFormation.refusePuts(Infinity, 500);
    const template = templateOf({ C: custom({ ServiceTimeout: 60 }) });
    const stack = await world.over(world.cloudFormation.createStack({ stackName: 's', templateBody: template, onFailure: 'DO_NOTHING' }));
    expect(stack.status).toBe('CREATE_FAILED');
    expect(world.cloudFormation.answers).toEqual([]);
  });

  test('uses the first of two answers', async () => {
    const world = play();
    world.answer = async (event) => {
      await world.put(event, {});
      await world.put(event, { Status: 'FAILED', Reason: 'late' });
    };
    const stack = await world.over(world.cloudFormation.createStack({ stackName: 's', templateBody: body }));
    expect(stack.status).toBe('CREATE_COMPLETE');
    expect(world.cloudFormation.answers.map(({ status, accepted }) => [status, accepted])).toEqual([['SUCCESS', true], ['FAILED', false]]);
  });

  test('gets the same event again when it is delivered twice', async () => {
    const world = play();
    await world.over(world.cloudFormation.createStack({ stackName: 's', templateBody: body }));
    await world.over(world.cloudFormation.redeliver(world.requests[0]?.RequestId ?? ''));
    expect(world.requests).toHaveLength(2);
    expect(world.requests[1]).toEqual(world.requests[0]);
  });

  test('is deleted by a made-up id while its create still runs, when another resource fails', async () => {
    const found = Array.from({ length: 20 }, (_, index) => index + 1);
    let cancelled = 0;
    for (const seed of found) {
      const world = play(seed);
      world.answer = async (event) => {
        if (event.RequestType === 'Delete') await world.put(event, {});
        else world.aws.clock.after(60_000, () => void world.put(event, {}));
      };
      const stack = await world.over(world.cloudFormation.createStack({ stackName: 's', templateBody: templateOf({ C: custom(), T: thing({ Fails: 'create' }) }) }));
      expect(stack.status).toBe('ROLLBACK_COMPLETE');
      const failure = stack.events.find(({ logicalId, status }) => logicalId === 'C' && status === 'CREATE_FAILED');
      if (!failure) continue;
      cancelled++;
      expect(failure.reason).toBe('Resource creation cancelled');
      expect(stack.events.find(({ status }) => status === 'ROLLBACK_IN_PROGRESS')?.reason).toBe('The following resource(s) failed to create: [T, C]. Rollback requested by user.');
      expect(world.requests[1]).toMatchObject({ RequestType: 'Delete', PhysicalResourceId: MADE_UP });
      await world.aws.clock.runTo(world.aws.clock.now + 120_000);
      expect(world.cloudFormation.answers.map(({ accepted }) => accepted)).toEqual([true, false]);
    }
    expect(cancelled).toBeGreaterThan(0);
  });
});
