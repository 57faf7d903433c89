import { custom, play, templateOf, thing } from './play';

type World = ReturnType<typeof play>;

/** Creates and updates take a minute to answer; deletes answer at once. */
function slowly(world: World): void {
  world.answer = async (event) => {
    if (event.RequestType === 'Delete') await world.put(event, {});
    else world.aws.clock.after(60_000, () => void world.put(event, {}));
  };
}

const asked = (world: World) => world.requests.map(({ RequestType, PhysicalResourceId, ResourceProperties }) => [RequestType, PhysicalResourceId, ResourceProperties.Size]);

/** Lets time pass while an operation runs. */
const pass = (world: World, seconds: number) => world.aws.clock.runTo(world.aws.clock.now + seconds * 1_000);

describe('a stack that is deleted while it is created', () => {
  const body = templateOf({ T: thing(), C: custom({ Size: 1, Uses: { Ref: 'T' } }), Later: thing({ Uses: { Ref: 'C' } }) });

  test('goes, its custom resource by a made-up id while its create still runs, and makes nothing more', async () => {
    const world = play();
    slowly(world);
    const creation = world.cloudFormation.createStack({ stackName: 's', templateBody: body });
    await pass(world, 20);
    const deleted = await world.over(world.cloudFormation.deleteStack('s'));
    expect((await creation).status).toBe('DELETE_COMPLETE');
    expect(asked(world)).toEqual([['Create', undefined, '1'], ['Delete', expect.stringMatching(/^s-C-[A-Z0-9]{12}$/), '1']]);
    expect(world.log).toEqual(['create T-1', 'delete T-1']);
    const ofStack = deleted?.events.filter(({ logicalId }) => logicalId === 's').map(({ status }) => status);
    expect(ofStack).toEqual(['CREATE_IN_PROGRESS', 'DELETE_IN_PROGRESS', 'DELETE_COMPLETE']);
    expect(deleted?.events.find(({ status }) => status === 'CREATE_FAILED')).toMatchObject({ logicalId: 'C', reason: 'Resource creation cancelled' });
  });

  test('ignores the late answer to its create', async () => {
    const world = play();
    slowly(world);
    const creation = world.cloudFormation.createStack({ stackName: 's', templateBody: body });
    await pass(world, 20);
    await world.over(world.cloudFormation.deleteStack('s'));
    await pass(world, 120);
    expect(world.cloudFormation.answers.map(({ accepted }) => accepted)).toEqual([true, false]);
    expect((await creation).status).toBe('DELETE_COMPLETE');
  });

  test('is not asked for a custom resource that was not begun', async () => {
    const world = play();
    const creation = world.cloudFormation.createStack({ stackName: 's', templateBody: body });
    await pass(world, 1);
    await world.over(world.cloudFormation.deleteStack('s'));
    expect([(await creation).status, world.requests, world.log]).toEqual(['DELETE_COMPLETE', [], []]);
  });

  test('can be created again under its name', async () => {
    const world = play();
    slowly(world);
    const creation = world.cloudFormation.createStack({ stackName: 's', templateBody: body });
    await pass(world, 20);
    await world.over(world.cloudFormation.deleteStack('s'));
    const again = await world.over(world.cloudFormation.createStack({ stackName: 's', templateBody: body }));
    expect([again.status, again.id === (await creation).id]).toEqual(['CREATE_COMPLETE', false]);
  });
});

describe('an update that is cancelled', () => {
  const sized = (size: number) => templateOf({ C: custom({ Size: size }) });

  async function updating(): Promise<{ world: World; update: ReturnType<World['cloudFormation']['updateStack']> }> {
    const world = play();
    await world.over(world.cloudFormation.createStack({ stackName: 's', templateBody: sized(1) }));
    slowly(world);
    const update = world.cloudFormation.updateStack({ stackName: 's', templateBody: sized(2) });
    await pass(world, 20);
    return { world, update };
  }

  test('is reversed at once, while the custom resource still works on it, and its late answer is ignored', async () => {
    const { world, update } = await updating();
    world.cloudFormation.cancelUpdateStack('s');
    const stack = await world.over(update);
    expect(asked(world)).toEqual([['Create', undefined, '1'], ['Update', 'thing-1', '2'], ['Update', 'thing-1', '1']]);
    expect(world.cloudFormation.state.customResources.requests[world.requests[2]?.RequestId ?? '']?.sentAt).toBeLessThan(stack.events.at(-1)?.time ?? 0);
    expect(world.cloudFormation.answers.map(({ accepted }) => accepted)).toEqual([true, false, true]);
    expect([stack.status, stack.resources.C?.properties.Size, stack.body]).toEqual(['UPDATE_ROLLBACK_COMPLETE', '1', sized(1)]);
    expect(stack.events.find(({ status }) => status === 'UPDATE_FAILED')).toMatchObject({ logicalId: 'C', reason: 'Resource update cancelled' });
  });

  test('can be cancelled only while it runs', async () => {
    const { world, update } = await updating();
    await world.over(update);
    expect(() => world.cloudFormation.cancelUpdateStack('s')).toThrow('CancelUpdateStack cannot be called from current stack status');
  });

  test('must be cancelled before the stack can be deleted', async () => {
    const { world, update } = await updating();
    await expect(world.cloudFormation.deleteStack('s')).rejects.toMatchObject({ code: 'ValidationError', message: expect.stringMatching(/cannot be deleted while in status UPDATE_IN_PROGRESS$/) as unknown });
    expect((await world.over(update)).status).toBe('UPDATE_COMPLETE');
  });
});
