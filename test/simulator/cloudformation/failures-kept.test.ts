import { custom, play, thing } from './play';
import { answering, asked, create, no, rolledBack, stackStatuses, update } from './steps';

const keep = { disableRollback: true };
const MADE_UP = expect.stringMatching(/^s-C-[A-Z0-9]{12}$/) as unknown;

/** A stack whose custom resource failed to create, with and without a physical id in its answer. */
async function failedCreate(physicalId?: string) {
  const world = play();
  answering(world, ({ RequestType }) => (RequestType === 'Create' ? { ...no, PhysicalResourceId: physicalId ?? '' } : undefined));
  const stack = await create(world, { A: thing(), C: custom({ Size: 1, Uses: { Ref: 'A' } }), D: thing({ Uses: { Ref: 'C' } }) }, keep);
  return { world, stack };
}

/** A stack whose update from size 1 to size 2 failed in the custom resource, which took the way back; `T` was changed before. */
async function failedUpdate() {
  const world = play();
  await create(world, { T: thing({ Size: 1 }), C: custom({ Size: 1, Uses: { Ref: 'T' } }) });
  answering(world, ({ ResourceProperties }) => (ResourceProperties.Size === '2' ? no : undefined));
  const stack = await update(world, { T: thing({ Size: 2 }), C: custom({ Size: 2, Uses: { Ref: 'T' } }), N: thing() }, keep);
  return { world, stack };
}

describe('a create whose rollback is disabled', () => {
  test('keeps what was made and what failed, and makes nothing that waits for it', async () => {
    const { world, stack } = await failedCreate('real');
    expect([stack.status, stack.statusReason]).toEqual(['CREATE_FAILED', 'The following resource(s) failed to create: [C]. ']);
    expect(Object.values(stack.resources).map(({ logicalId, status }) => [logicalId, status])).toEqual([['A', 'CREATE_COMPLETE'], ['C', 'CREATE_FAILED']]);
    expect(asked(world)).toEqual([['Create', undefined, '1']]);
  });

  test('goes on with what does not wait for the failed resource, and cancels nothing', async () => {
    for (let seed = 1; seed <= 10; seed++) {
      const world = play(seed);
      world.answer = (event) => {
        world.aws.clock.after(60_000, () => void world.put(event, {}));
        return Promise.resolve();
      };
      const stack = await create(world, { C: custom(), F: thing({ Fails: 'create' }), T: thing() }, keep);
      expect([stack.resources.C?.status, stack.resources.T?.status]).toEqual(['CREATE_COMPLETE', 'CREATE_COMPLETE']);
      expect(stack.statusReason).toBe('The following resource(s) failed to create: [F]. ');
    }
  });

  test.each([
    ['the physical id that its FAILED answer gave', 'real', 'real'],
    ['a made-up id when its FAILED answer gave none', undefined, MADE_UP],
  ])('is gone on with by an update, which deletes what failed by %s and makes it again', async (_title, answered, deleted) => {
    const { world } = await failedCreate(answered);
    answering(world, () => undefined);
    const stack = await update(world, { A: thing(), C: custom({ Size: 2, Uses: { Ref: 'A' } }), D: thing({ Uses: { Ref: 'C' } }) }, keep);
    expect(stackStatuses(stack).slice(1)).toEqual(['CREATE_FAILED', 'UPDATE_IN_PROGRESS', 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 'UPDATE_COMPLETE']);
    expect(asked(world)).toEqual([['Create', undefined, '1'], ['Delete', deleted, '1'], ['Create', undefined, '2']]);
    expect(world.log).toEqual(['create A-1', 'create D-2']);
  });

  test('can be gone on with unchanged, and fail again', async () => {
    const { world } = await failedCreate('real');
    const stack = await update(world, { A: thing(), C: custom({ Size: 1, Uses: { Ref: 'A' } }), D: thing({ Uses: { Ref: 'C' } }) }, keep);
    expect([stack.status, stack.resources.C?.status]).toEqual(['UPDATE_FAILED', 'CREATE_FAILED']);
  });

  test('stays failed when what failed cannot be deleted, and is then not made again', async () => {
    const { world } = await failedCreate('real');
    answering(world, () => no);
    const stack = await update(world, { A: thing(), C: custom({ Size: 2, Uses: { Ref: 'A' } }) }, keep);
    expect([stack.status, stack.statusReason]).toEqual(['UPDATE_FAILED', 'The following resource(s) failed to delete: [C]. ']);
    expect(asked(world)).toEqual([['Create', undefined, '1'], ['Delete', 'real', '1']]);
    answering(world, () => undefined);
    expect((await update(world, { A: thing(), C: custom({ Size: 2, Uses: { Ref: 'A' } }) }, keep)).status).toBe('UPDATE_COMPLETE');
    expect(asked(world).slice(2)).toEqual([['Delete', 'real', '1'], ['Create', undefined, '2']]);
  });

  test.each([
    ['it', 0],
    ['an update after it, too,', 1],
  ])('is rolled back to nothing when %s has failed', async (_title, updates) => {
    const { world } = await failedCreate('real');
    for (let number = 0; number < updates; number++) await update(world, { A: thing(), C: custom({ Size: 2 }) }, keep);
    const stack = await world.over(world.cloudFormation.rollbackStack('s'));
    expect([stack.status, Object.keys(stack.resources), world.log.at(-1)]).toEqual(['ROLLBACK_COMPLETE', [], 'delete A-1']);
    expect((await world.over(world.cloudFormation.deleteStack('s')))?.status).toBe('DELETE_COMPLETE');
  });

  test('can be deleted', async () => {
    const { world } = await failedCreate('real');
    expect((await world.over(world.cloudFormation.deleteStack('s')))?.status).toBe('DELETE_COMPLETE');
    expect([asked(world).at(-1), world.log.at(-1)]).toEqual([['Delete', 'real', '1'], 'delete A-1']);
  });

  test('is not updated with rollback, nor at all when it was to do nothing', async () => {
    const { world } = await failedCreate('real');
    await expect(update(world, { A: thing() })).rejects.toThrow('This stack is currently in a non-terminal [CREATE_FAILED] state.');
    const other = play();
    await create(other, { F: thing({ Fails: 'create' }) }, { onFailure: 'DO_NOTHING' });
    await expect(update(other, { F: thing() }, keep)).rejects.toThrow('because it contains [on-failure: DO_NOTHING]');
  });

  test('cannot also be told what to do on failure', async () => {
    await expect(create(play(), { A: thing() }, { onFailure: 'DO_NOTHING', disableRollback: true })).rejects.toThrow('but not both');
  });
});

describe('an update whose rollback is disabled', () => {
  test('keeps what was changed and made, and takes only the failed resource back', async () => {
    const { world, stack } = await failedUpdate();
    expect([stack.status, stack.statusReason]).toEqual(['UPDATE_FAILED', 'The following resource(s) failed to update: [C]. ']);
    expect(asked(world)).toEqual([['Create', undefined, '1'], ['Update', 'thing-1', '2'], ['Update', 'thing-1', '1']]);
    expect(world.requests[2]?.OldResourceProperties?.Size).toBe('2');
    const { T, C, N } = stack.resources;
    expect([T, C, N].map((resource) => [resource?.status, resource?.properties.Size])).toEqual([
      ['UPDATE_COMPLETE', 2],
      ['UPDATE_FAILED', '1'],
      ['CREATE_COMPLETE', undefined],
    ]);
  });

  test('is gone on with by an update that tries the failed resource again, and leaves alone what was done', async () => {
    const { world } = await failedUpdate();
    const done = world.log.length;
    answering(world, () => undefined);
    const stack = await update(world, { T: thing({ Size: 2 }), C: custom({ Size: 2, Uses: { Ref: 'T' } }), N: thing() }, keep);
    expect(stack.status).toBe('UPDATE_COMPLETE');
    expect(world.log).toHaveLength(done);
    expect(world.requests.at(-1)).toMatchObject({ RequestType: 'Update', ResourceProperties: { Size: '2' }, OldResourceProperties: { Size: '1' } });
    const same = update(world, { T: thing({ Size: 2 }), C: custom({ Size: 2, Uses: { Ref: 'T' } }), N: thing() });
    await expect(same).rejects.toThrow('No updates are to be performed.');
  });

  test('ends well when the template takes the change back, without a request for a resource that was taken back', async () => {
    const { world } = await failedUpdate();
    const stack = await update(world, { T: thing({ Size: 1 }), C: custom({ Size: 1, Uses: { Ref: 'T' } }) }, keep);
    expect([stack.status, stack.resources.C?.status, asked(world).length]).toEqual(['UPDATE_COMPLETE', 'UPDATE_COMPLETE', 3]);
    expect(world.log.at(-1)).toMatch(/^delete N-/);
  });

  test('is rolled back to what was before it, with no further request for what was taken back', async () => {
    const { world } = await failedUpdate();
    const stack = await world.over(world.cloudFormation.rollbackStack('s'));
    expect(stackStatuses(stack).slice(-4)).toEqual(['UPDATE_FAILED', ...rolledBack]);
    expect(asked(world)).toHaveLength(3);
    expect(Object.values(stack.resources).map(({ logicalId, status, properties }) => [logicalId, status, properties.Size])).toEqual([
      ['T', 'UPDATE_COMPLETE', 1],
      ['C', 'UPDATE_COMPLETE', '1'],
    ]);
    expect(world.log.slice(-2)).toEqual(['update T-1', expect.stringMatching(/^delete N-/)]);
  });

  test('is rolled back to what was before the first of two that failed', async () => {
    const { world } = await failedUpdate();
    answering(world, ({ ResourceProperties }) => (ResourceProperties.Size === '3' ? no : undefined));
    await update(world, { T: thing({ Size: 3 }), C: custom({ Size: 3, Uses: { Ref: 'T' } }), N: thing() }, keep);
    const stack = await world.over(world.cloudFormation.rollbackStack('s'));
    expect([stack.status, stack.resources.T?.properties.Size, stack.resources.C?.properties.Size]).toEqual(['UPDATE_ROLLBACK_COMPLETE', 1, '1']);
    expect(stack.body).toBe(JSON.stringify({ Resources: { T: thing({ Size: 1 }), C: custom({ Size: 1, Uses: { Ref: 'T' } }) } }));
  });

  test('tries the way back again in a rollback when it failed at first', async () => {
    const world = play();
    await create(world, { C: custom({ Size: 1 }) });
    answering(world, ({ RequestType }) => (RequestType === 'Update' ? no : undefined));
    await update(world, { C: custom({ Size: 2 }) }, keep);
    answering(world, () => undefined);
    const stack = await world.over(world.cloudFormation.rollbackStack('s'));
    expect(stack.status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(asked(world).slice(1)).toEqual([['Update', 'thing-1', '2'], ['Update', 'thing-1', '1'], ['Update', 'thing-1', '1']]);
    expect(world.requests[3]?.RequestId).toBe(world.requests[2]?.RequestId);
  });

  test('sends an update to a resource whose way back failed, even when the template takes the change back', async () => {
    const world = play();
    await create(world, { C: custom({ Size: 1 }) });
    answering(world, ({ RequestType }) => (RequestType === 'Update' ? no : undefined));
    await update(world, { C: custom({ Size: 2 }) }, keep);
    answering(world, () => undefined);
    const kept = { C: custom({ Size: 1 }), F: thing({ Fails: 'create' }) };
    await update(world, kept, keep);
    expect(asked(world).slice(3)).toEqual([['Update', 'thing-1', '1']]);
    await update(world, { ...kept, F: thing() }, keep);
    expect(asked(world)).toHaveLength(4);
  });

  test('takes a resource back to what the failed update before made of it, and a rollback takes it back to the beginning', async () => {
    const world = play();
    await create(world, { C: custom({ Size: 1 }) });
    await update(world, { C: custom({ Size: 2 }), F: thing({ Fails: 'create' }) }, keep);
    answering(world, ({ ResourceProperties }) => (ResourceProperties.Size === '3' ? no : undefined));
    await update(world, { C: custom({ Size: 3 }) }, keep);
    await world.over(world.cloudFormation.rollbackStack('s'));
    expect(asked(world).slice(1)).toEqual([['Update', 'thing-1', '2'], ['Update', 'thing-1', '3'], ['Update', 'thing-1', '2'], ['Update', 'thing-1', '1']]);
  });

  test('is rolled back to the first physical resource of a custom resource that replaced itself twice', async () => {
    const world = play();
    await create(world, { C: custom({ Size: 1 }) });
    answering(world, ({ RequestType, ResourceProperties }) => {
      return RequestType === 'Update' ? { PhysicalResourceId: `thing-${String(ResourceProperties.Size)}` } : undefined;
    });
    await update(world, { C: custom({ Size: 2 }), F: thing({ Fails: 'create' }) }, keep);
    await update(world, { C: custom({ Size: 3 }), F: thing({ Fails: 'create' }) }, keep);
    const stack = await world.over(world.cloudFormation.rollbackStack('s'));
    expect(asked(world).slice(3).sort()).toEqual([['Delete', 'thing-2', '2'], ['Delete', 'thing-3', '3']]);
    expect([stack.status, stack.resources.C?.physicalId]).toEqual(['UPDATE_ROLLBACK_COMPLETE', 'thing-1']);
  });

  test('deletes in its last cleanup what a failed attempt left behind', async () => {
    const world = play();
    await create(world, { C: custom({ Size: 1 }) });
    answering(world, ({ ResourceProperties }) => (ResourceProperties.Size === '2' ? { ...no, PhysicalResourceId: 'half' } : { PhysicalResourceId: 'thing-1' }));
    await update(world, { C: custom({ Size: 2 }) }, keep);
    answering(world, () => undefined);
    const stack = await update(world, { C: custom({ Size: 3 }) }, keep);
    expect([stack.status, asked(world).slice(3)]).toEqual(['UPDATE_COMPLETE', [['Update', 'thing-1', '3'], ['Delete', 'half', '2']]]);
  });

  test('can be deleted, with what it made', async () => {
    const { world } = await failedUpdate();
    expect((await world.over(world.cloudFormation.deleteStack('s')))?.status).toBe('DELETE_COMPLETE');
    expect(world.log.filter((line) => line.startsWith('delete')).map((line) => line.slice(0, 8)).sort()).toEqual(['delete N', 'delete T']);
    expect(asked(world).at(-1)).toEqual(['Delete', 'thing-1', '1']);
  });

  test('may not replace a resource', async () => {
    const world = play();
    await create(world, { A: thing({ Kind: 'x' }) });
    const stack = await update(world, { A: thing({ Kind: 'y' }) }, keep);
    expect([stack.status, stack.events.find(({ status }) => status === 'UPDATE_FAILED')?.reason]).toEqual([
      'UPDATE_FAILED',
      'Replacement type updates not supported on stack with disable-rollback.',
    ]);
    expect(world.log).toEqual(['create A-1']);
  });

  test('deletes both physical resources with the stack when a custom resource replaced itself before another one failed', async () => {
    const world = play();
    await create(world, { C: custom({ Size: 1 }) });
    answering(world, ({ RequestType }) => (RequestType === 'Update' ? { PhysicalResourceId: 'thing-2' } : undefined));
    await update(world, { C: custom({ Size: 2 }), T: thing({ Fails: 'create', Uses: { Ref: 'C' } }) }, keep);
    await world.over(world.cloudFormation.deleteStack('s'));
    expect(asked(world).slice(2).map(([, id]) => id).sort()).toEqual(['thing-1', 'thing-2']);
  });

  test('is not updated with rollback, and is not cancelled in the model', async () => {
    const { world } = await failedUpdate();
    await expect(update(world, { T: thing() })).rejects.toThrow('This stack is currently in a non-terminal [UPDATE_FAILED] state.');
    const again = world.cloudFormation.updateStack({ stackName: 's', templateBody: JSON.stringify({ Resources: { T: thing({ Size: 5 }) } }), ...keep });
    expect(() => world.cloudFormation.cancelUpdateStack('s')).toThrow('does not model CancelUpdateStack for an update whose rollback is disabled');
    expect((await world.over(again)).status).toBe('UPDATE_COMPLETE');
  });

  test.each(['rollbackStack', 'continueUpdateRollback'] as const)('is needed for %s: a stack that ended well has nothing to roll back', async (operation) => {
    const world = play();
    await create(world, { A: thing() });
    await expect(world.cloudFormation[operation]('s')).rejects.toThrow('is in CREATE_COMPLETE state and can not');
  });
});
