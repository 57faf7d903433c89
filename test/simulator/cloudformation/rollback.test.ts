import { custom, play, thing } from './play';
import { answering, asked, create, no, rolledBack, stackStatuses, update } from './steps';

const refuseDeletes = ({ RequestType }: { RequestType: string }) => (RequestType === 'Delete' ? no : undefined);

describe('the rollback of a create', () => {
  test('that cannot delete something ends in ROLLBACK_FAILED, from where the stack can only be deleted', async () => {
    const world = play();
    answering(world, refuseDeletes);
    const stack = await create(world, { C: custom({ Size: 1 }), F: thing({ Fails: 'create', Uses: { Ref: 'C' } }) });
    expect([stack.status, Object.keys(stack.resources)]).toEqual(['ROLLBACK_FAILED', ['C']]);
    expect(stack.statusReason).toBe('The following resource(s) failed to delete: [C]. ');
    await expect(update(world, { C: custom() })).rejects.toThrow('is in ROLLBACK_FAILED state and can not be updated.');
    await expect(world.cloudFormation.rollbackStack('s')).rejects.toThrow('ROLLBACK_FAILED');
    await expect(world.cloudFormation.deleteStack('s', { retainResources: ['C'] })).rejects.toThrow('the stack must be in the DELETE_FAILED state');
    answering(world, () => undefined);
    expect((await world.over(world.cloudFormation.deleteStack('s')))?.status).toBe('DELETE_COMPLETE');
    expect(asked(world)).toEqual([['Create', undefined, '1'], ['Delete', 'thing-1', '1'], ['Delete', 'thing-1', '1']]);
  });

  test('that could not delete a custom resource may leave it alone after a delete that failed too', async () => {
    const world = play();
    answering(world, refuseDeletes);
    await create(world, { C: custom(), F: thing({ Fails: 'create', Uses: { Ref: 'C' } }) });
    expect((await world.over(world.cloudFormation.deleteStack('s')))?.status).toBe('DELETE_FAILED');
    expect((await world.over(world.cloudFormation.deleteStack('s', { retainResources: ['C'] })))?.status).toBe('DELETE_COMPLETE');
    expect(asked(world)).toHaveLength(3);
  });
});

describe('the rollback of an update', () => {
  test('sends the reverse update to the physical id that the FAILED answer gave', async () => {
    const world = play();
    await create(world, { C: custom({ Size: 1 }) });
    answering(world, ({ RequestType, ResourceProperties }) => {
      if (RequestType !== 'Update') return undefined;
      return ResourceProperties.Size === '2' ? { ...no, PhysicalResourceId: 'half' } : { PhysicalResourceId: 'thing-1' };
    });
    const stack = await update(world, { C: custom({ Size: 2 }) });
    expect(asked(world).slice(1)).toEqual([['Update', 'thing-1', '2'], ['Update', 'half', '1'], ['Delete', 'half', '2']]);
    expect([stack.status, stack.resources.C?.physicalId]).toEqual(['UPDATE_ROLLBACK_COMPLETE', 'thing-1']);
  });

  test('takes another physical id in the answer to the reverse update for a replacement, and deletes the one before in the cleanup', async () => {
    const world = play();
    await create(world, { C: custom({ Size: 1 }) });
    answering(world, ({ RequestType, ResourceProperties }) => {
      if (RequestType !== 'Update') return undefined;
      return ResourceProperties.Size === '2' ? no : { PhysicalResourceId: 'thing-3', Data: { Name: 'third' } };
    });
    const stack = await update(world, { C: custom({ Size: 2 }) });
    const cleanup = stack.events.findIndex(({ status }) => status === 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS');
    expect(asked(world).slice(2)).toEqual([['Update', 'thing-1', '1'], ['Delete', 'thing-1', '2']]);
    expect(stack.events.findIndex(({ status }) => status === 'DELETE_IN_PROGRESS')).toBeGreaterThan(cleanup);
    expect(stack.resources.C).toMatchObject({ physicalId: 'thing-3', attributes: { Name: 'third' }, properties: { Size: '1' } });
  });

  test('tries three times to delete the new one of a replaced custom resource, and then abandons it', async () => {
    const world = play();
    await create(world, { C: custom({ Size: 1 }) });
    answering(world, ({ RequestType }) => (RequestType === 'Update' ? { PhysicalResourceId: 'thing-2' } : no));
    const stack = await update(world, { C: custom({ Size: 2 }), T: thing({ Fails: 'create', Uses: { Ref: 'C' } }) });
    expect(asked(world).slice(2)).toEqual(Array(3).fill(['Delete', 'thing-2', '2']));
    expect([stack.status, stack.resources.C?.physicalId]).toEqual(['UPDATE_ROLLBACK_COMPLETE', 'thing-1']);
  });

  test.each([
    ['the new id', {}, ['Delete', 'thing-2', '1']],
    ['the old id', { PhysicalResourceId: 'thing-1' }, ['Delete', 'thing-2', '2']],
  ])('may reverse a replaced custom resource before it deletes the new one, when that answers %s', async (_title, answer, deleted) => {
    const world = play();
    world.cloudFormation.unknowns.reversesReplaced = true;
    await create(world, { C: custom({ Size: 1 }) });
    answering(world, ({ RequestType, PhysicalResourceId }) => {
      if (RequestType !== 'Update') return undefined;
      return PhysicalResourceId === 'thing-1' ? { PhysicalResourceId: 'thing-2' } : answer;
    });
    const stack = await update(world, { C: custom({ Size: 2 }), T: thing({ Fails: 'create', Uses: { Ref: 'C' } }) });
    expect(asked(world).slice(1)).toEqual([['Update', 'thing-1', '2'], ['Update', 'thing-2', '1'], deleted]);
    expect([stack.status, stack.resources.C?.physicalId, stack.resources.C?.properties.Size]).toEqual(['UPDATE_ROLLBACK_COMPLETE', 'thing-1', '1']);
  });

  test('that may reverse a replaced custom resource fails when that does, and can be continued without it', async () => {
    const world = play();
    world.cloudFormation.unknowns.reversesReplaced = true;
    await create(world, { C: custom({ Size: 1 }) });
    answering(world, ({ RequestType, PhysicalResourceId }) => {
      if (RequestType !== 'Update') return undefined;
      return PhysicalResourceId === 'thing-1' ? { PhysicalResourceId: 'thing-2' } : no;
    });
    expect((await update(world, { C: custom({ Size: 2 }), T: thing({ Fails: 'create', Uses: { Ref: 'C' } }) })).status).toBe('UPDATE_ROLLBACK_FAILED');
    const stack = await world.over(world.cloudFormation.continueUpdateRollback('s', { resourcesToSkip: ['C'] }));
    expect([stack.status, stack.resources.C?.physicalId]).toEqual(['UPDATE_ROLLBACK_COMPLETE', 'thing-1']);
    expect(asked(world).at(-1)?.slice(0, 2)).toEqual(['Delete', 'thing-2']);
  });

  test('keeps the old one of a replaced resource, and deletes the new one', async () => {
    const world = play();
    await create(world, { A: thing({ Kind: 'x' }) });
    const stack = await update(world, { A: thing({ Kind: 'y' }), F: thing({ Fails: 'create', Uses: { Ref: 'A' } }) });
    expect(world.log).toEqual(['create A-1', 'create A-2', 'create F-3', 'delete A-2']);
    expect([stack.status, stack.resources.A?.physicalId]).toEqual(['UPDATE_ROLLBACK_COMPLETE', 'A-1']);
  });

  test('goes back to the update before, if that ended well', async () => {
    const world = play();
    await create(world, { A: thing({ Size: 1 }) });
    await update(world, { A: thing({ Size: 2 }) });
    const stack = await update(world, { A: thing({ Size: 3, Fails: 'update' }) });
    expect([stack.status, stack.resources.A?.properties.Size]).toEqual(['UPDATE_ROLLBACK_COMPLETE', 2]);
  });

  test('keeps the old one of a resource whose new one could not be made', async () => {
    const world = play();
    await create(world, { A: thing({ Kind: 'x' }) });
    const stack = await update(world, { A: thing({ Kind: 'y', Fails: 'create' }) });
    expect([stack.status, stack.resources.A?.physicalId, world.log]).toEqual(['UPDATE_ROLLBACK_COMPLETE', 'A-1', ['create A-1', 'create A-2']]);
  });
});

describe('a rollback of an update that failed', () => {
  /** `C` takes no update, `D` waits for it; both are in UPDATE_ROLLBACK_FAILED, `D` because it was never reached. */
  async function stuck() {
    const world = play();
    await create(world, { C: custom({ Size: 1 }), D: thing({ Size: 1, Uses: { Ref: 'C' } }), E: thing({ Size: 1 }) });
    answering(world, ({ RequestType, ResourceProperties }) => {
      if (RequestType !== 'Update') return undefined;
      return ResourceProperties.Size === '2' ? { PhysicalResourceId: 'thing-1' } : no;
    });
    const failing = thing({ Size: 2, Uses: { Ref: 'C' }, Fails: 'update' });
    const stack = await update(world, { C: custom({ Size: 2 }), D: failing, E: thing({ Size: 1 }), N: thing() });
    return { world, stack };
  }

  test('ends in UPDATE_ROLLBACK_FAILED, from where the stack cannot be updated', async () => {
    const { world, stack } = await stuck();
    expect([stack.status, stack.statusReason]).toEqual(['UPDATE_ROLLBACK_FAILED', 'The following resource(s) failed to update: [C]. ']);
    const next = update(world, { E: thing({ Size: 3 }) }, { disableRollback: true });
    await expect(next).rejects.toThrow('is in UPDATE_ROLLBACK_FAILED state and can not be updated.');
  });

  test('can be continued, with the same reverse update, and then the stack can be updated', async () => {
    const { world } = await stuck();
    answering(world, () => undefined);
    const stack = await world.over(world.cloudFormation.continueUpdateRollback('s'));
    expect(stackStatuses(stack).slice(-4)).toEqual(['UPDATE_ROLLBACK_FAILED', ...rolledBack]);
    const [failed, again] = world.requests.slice(-2);
    expect(again).toMatchObject({ PhysicalResourceId: 'thing-1', ResourceProperties: { Size: '1' }, OldResourceProperties: { Size: '2' } });
    expect({ ...again, RequestId: '', ResponseURL: '' }).toEqual({ ...failed, RequestId: '', ResponseURL: '' });
    expect(Object.keys(stack.resources).sort()).toEqual(['C', 'D', 'E']);
    expect((await update(world, { C: custom({ Size: 3 }), E: thing({ Size: 1 }) })).status).toBe('UPDATE_COMPLETE');
  });

  test('can be continued as often as it fails', async () => {
    const { world } = await stuck();
    expect((await world.over(world.cloudFormation.continueUpdateRollback('s'))).status).toBe('UPDATE_ROLLBACK_FAILED');
    answering(world, () => undefined);
    expect((await world.over(world.cloudFormation.continueUpdateRollback('s'))).status).toBe('UPDATE_ROLLBACK_COMPLETE');
  });

  test('can be continued without a resource, which is then taken for rolled back although it is not', async () => {
    const { world } = await stuck();
    const before = world.requests.length;
    const stack = await world.over(world.cloudFormation.continueUpdateRollback('s', { resourcesToSkip: ['C'] }));
    expect([stack.status, stack.resources.C?.status, stack.resources.C?.properties.Size]).toEqual(['UPDATE_ROLLBACK_COMPLETE', 'UPDATE_COMPLETE', '1']);
    expect(world.requests).toHaveLength(before);
    expect(stack.resources.D?.properties.Size).toBe(1);
  });

  test('can only be continued without resources that failed in the rollback', async () => {
    const { world, stack } = await stuck();
    expect(stack.resources.D?.status).toBe('UPDATE_FAILED');
    await expect(world.cloudFormation.continueUpdateRollback('s', { resourcesToSkip: ['D'] })).rejects.toThrow('did not fail in the rollback');
  });

  test('leaves a stack that can be deleted, with all that the update made', async () => {
    const { world } = await stuck();
    expect((await world.over(world.cloudFormation.deleteStack('s')))?.status).toBe('DELETE_COMPLETE');
    expect(world.log.filter((line) => line.startsWith('delete')).map((line) => line[7]).sort()).toEqual(['D', 'E', 'N']);
    expect(asked(world).filter(([type]) => type === 'Delete')).toEqual([['Delete', 'thing-1', '1']]);
  });

  test.each([
    ['the old and the new one', {}, ['delete A-1', 'delete A-2']],
    ['the old one, if the new one could not be made,', { Fails: 'create' }, ['create A-2', 'delete A-1']],
  ])('leaves a stack that is deleted with %s of a resource that was not yet put back, each once', async (_title, properties, last) => {
    const world = play();
    await create(world, { C: custom({ Size: 1 }), A: thing({ Kind: 'x', Uses: { Ref: 'C' } }) });
    answering(world, ({ RequestType, ResourceProperties }) => (RequestType === 'Update' && ResourceProperties.Size === '1' ? no : undefined));
    const failing = thing({ Fails: 'create', Uses: { Ref: 'A' } });
    const stack = await update(world, { C: custom({ Size: 2 }), A: thing({ Kind: 'y', Uses: { Ref: 'C' }, ...properties }), F: failing });
    expect(stack.status).toBe('UPDATE_ROLLBACK_FAILED');
    answering(world, () => no);
    await world.over(world.cloudFormation.deleteStack('s'));
    expect(stack.status).toBe('DELETE_FAILED');
    answering(world, () => undefined);
    await world.over(world.cloudFormation.deleteStack('s'));
    expect([stack.status, world.log.filter((line) => line.includes('A-')).slice(-2).sort()]).toEqual(['DELETE_COMPLETE', last]);
    expect(world.log.filter((line) => line === 'delete A-1')).toHaveLength(1);
  });

  test('leaves a stack that is deleted with what a reverse update left behind, once', async () => {
    const world = play();
    await create(world, { C: custom({ Size: 1, Is: 'C' }), L: custom({ Size: 1, Is: 'L' }) });
    answering(world, ({ RequestType, LogicalResourceId, ResourceProperties: { Size } }) => {
      if (RequestType === 'Delete') return LogicalResourceId === 'C' ? no : undefined;
      return LogicalResourceId === 'L' && Size === '1' ? { PhysicalResourceId: 'new' } : Size === '1' ? no : undefined;
    });
    const size2 = { C: custom({ Size: 2, Is: 'C' }), L: custom({ Size: 2, Is: 'L' }) };
    const stack = await update(world, { ...size2, F: thing({ Fails: 'create', Uses: [{ Ref: 'C' }, { Ref: 'L' }] }) });
    expect(stack.status).toBe('UPDATE_ROLLBACK_FAILED');
    await world.over(world.cloudFormation.deleteStack('s'));
    answering(world, () => undefined);
    expect((await world.over(world.cloudFormation.deleteStack('s')))?.status).toBe('DELETE_COMPLETE');
    const deleted = world.requests.filter(({ RequestType, LogicalResourceId }) => RequestType === 'Delete' && LogicalResourceId === 'L');
    expect(deleted.map(({ PhysicalResourceId }) => PhysicalResourceId).sort()).toEqual(['new', 'thing-1']);
  });
});

describe('a stack that rolls back', () => {
  test('cannot be deleted while its update does, and its create is not modelled', async () => {
    const world = play();
    await create(world, { C: custom({ Size: 1 }) });
    answering(world, ({ ResourceProperties }) => (ResourceProperties.Size === '2' ? no : undefined));
    const refused: unknown[] = [];
    world.cloudFormation.onEvent(({ status, type }) => {
      if (!type.endsWith('::Stack') || !status.includes('ROLLBACK_IN_PROGRESS')) return;
      void world.cloudFormation.deleteStack('s').catch((error: unknown) => refused.push(error));
    });
    await update(world, { C: custom({ Size: 2 }) });
    await world.over(world.cloudFormation.deleteStack('s'));
    await create(world, { F: thing({ Fails: 'create' }) });
    expect(refused.map(String)).toEqual([
      expect.stringMatching(/cannot be deleted while in status UPDATE_ROLLBACK_IN_PROGRESS$/),
      expect.stringMatching(/does not model deleting a stack that is ROLLBACK_IN_PROGRESS$/),
    ]);
  });
});
