import { custom, play, templateOf, thing } from './play';
import { answering, create, stackStatuses, update } from './steps';

describe('the order of resources', () => {
  const resources = { A: thing(), B: thing({ Uses: { Ref: 'A' } }), C: thing({ Uses: { 'Fn::Sub': '${B.Arn}' } }), D: thing({}, { DependsOn: ['A'] }), E: thing() };
  const needs = [['A', 'B'], ['B', 'C'], ['A', 'D']] as const;
  const place = (log: string[], verb: string, name: string) => log.findIndex((line) => line.startsWith(`${verb} ${name}-`));

  test('follows the declared dependencies for 50 seeds, and nothing else', async () => {
    const orders = new Set<string>();
    for (let seed = 1; seed <= 50; seed++) {
      const world = play(seed);
      await create(world, resources);
      await world.over(world.cloudFormation.deleteStack('s'));
      for (const [first, second] of needs) {
        expect(place(world.log, 'create', first)).toBeLessThan(place(world.log, 'create', second));
        expect(place(world.log, 'delete', second)).toBeLessThan(place(world.log, 'delete', first));
      }
      orders.add(world.log.filter((line) => line.startsWith('create')).map((line) => line[7]).join(''));
    }
    expect(orders.size).toBeGreaterThan(5);
  });

  test('is the same for the same seed', async () => {
    const [one, other] = [play(7), play(7)];
    await Promise.all([one, other].map((world) => create(world, resources)));
    expect(one.log).toEqual(other.log);
  });

  test('may make what a custom resource does not declare only after it, and deletes it while the custom resource is being deleted', async () => {
    let late = 0;
    for (let seed = 1; seed <= 20; seed++) {
      const world = play(seed);
      world.answer = (event) => {
        world.log.push(event.RequestType);
        world.aws.clock.after(60_000, () => void world.put(event, {}).then(() => world.log.push(`${event.RequestType} answered`)));
        return Promise.resolve();
      };
      await create(world, { C: custom(), T: thing() });
      if (world.log.indexOf('create T-1') > world.log.indexOf('Create answered')) late++;
      await world.over(world.cloudFormation.deleteStack('s'));
      expect(world.log.indexOf('delete T-1')).toBeLessThan(world.log.indexOf('Delete answered'));
    }
    expect(late).toBeGreaterThan(0);
  });
});

describe('a failed creation', () => {
  const resources = { A: thing(), B: thing({ Fails: 'create', Uses: { Ref: 'A' } }) };

  test('rolls back what was made', async () => {
    const world = play();
    const stack = await create(world, resources);
    expect(stackStatuses(stack)).toEqual(['CREATE_IN_PROGRESS', 'ROLLBACK_IN_PROGRESS', 'ROLLBACK_COMPLETE']);
    expect(world.log).toEqual(['create A-1', 'create B-2', 'delete A-1']);
    expect(stack.events.find(({ status }) => status === 'CREATE_FAILED')?.reason).toContain('it fails to create');
  });

  test('leaves everything when asked to', async () => {
    const world = play();
    const stack = await create(world, resources, { onFailure: 'DO_NOTHING' });
    expect([stack.status, stack.statusReason]).toEqual(['CREATE_FAILED', 'The following resource(s) failed to create: [B]. ']);
    expect(world.log).toEqual(['create A-1', 'create B-2']);
  });
});

describe('an update', () => {
  test('changes only what changed, in place', async () => {
    const world = play();
    await create(world, { A: thing({ Size: 1 }), B: thing({ Size: 1 }), C: custom({ Size: 1 }) });
    const stack = await update(world, { A: thing({ Size: 1 }), B: thing({ Size: 2 }), C: custom({ Size: '1' }) });
    expect(stackStatuses(stack).slice(-3)).toEqual(['UPDATE_IN_PROGRESS', 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 'UPDATE_COMPLETE']);
    expect(world.log.filter((line) => !line.startsWith('create'))).toEqual([`update ${stack.resources.B?.physicalId}`]);
    expect(world.requests).toHaveLength(1);
  });

  test('makes the new one of a replaced resource before it deletes the old one', async () => {
    const world = play();
    await create(world, { A: thing({ Kind: 'x' }) });
    const stack = await update(world, { A: thing({ Kind: 'y' }) });
    expect(world.log).toEqual(['create A-1', 'create A-2', 'delete A-1']);
    expect(stack.resources.A?.physicalId).toBe('A-2');
  });

  test('tells a custom resource the old and the new properties', async () => {
    const world = play();
    await create(world, { C: custom({ Size: 1 }) });
    await update(world, { C: custom({ Size: 2 }) });
    expect(world.requests[1]).toMatchObject({ RequestType: 'Update', PhysicalResourceId: 'thing-1', ResourceProperties: { Size: '2' }, OldResourceProperties: { Size: '1' } });
  });

  test('deletes the old physical resource when a custom resource answers another id', async () => {
    const world = play();
    await create(world, { C: custom({ Size: 1 }) });
    world.answer = async (event) => {
      await world.put(event, event.RequestType === 'Update' ? { PhysicalResourceId: 'thing-2' } : {});
    };
    const stack = await update(world, { C: custom({ Size: 2 }) });
    expect(world.requests[2]).toMatchObject({ RequestType: 'Delete', PhysicalResourceId: 'thing-1', ResourceProperties: { Size: '1' } });
    expect([stack.status, stack.resources.C?.physicalId]).toEqual(['UPDATE_COMPLETE', 'thing-2']);
  });

  test('that fails in a custom resource is reversed with swapped properties', async () => {
    const world = play();
    await create(world, { C: custom({ Size: 1 }) });
    world.answer = async (event) => {
      await world.put(event, event.ResourceProperties.Size === '2' ? { Status: 'FAILED', Reason: 'no' } : {});
    };
    const stack = await update(world, { C: custom({ Size: 2 }) });
    expect(stackStatuses(stack).slice(-3)).toEqual(['UPDATE_ROLLBACK_IN_PROGRESS', 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS', 'UPDATE_ROLLBACK_COMPLETE']);
    expect(world.requests[2]).toMatchObject({ RequestType: 'Update', PhysicalResourceId: 'thing-1', ResourceProperties: { Size: '1' }, OldResourceProperties: { Size: '2' } });
    expect(stack.resources.C?.properties.Size).toBe('1');
  });

  test('whose reverse fails ends in UPDATE_ROLLBACK_FAILED, and can still be deleted', async () => {
    const world = play();
    await create(world, { C: custom({ Size: 1 }) });
    world.answer = async (event) => {
      await world.put(event, event.RequestType === 'Update' ? { Status: 'FAILED', Reason: 'no' } : {});
    };
    expect((await update(world, { C: custom({ Size: 2 }) })).status).toBe('UPDATE_ROLLBACK_FAILED');
    expect((await world.over(world.cloudFormation.deleteStack('s')))?.status).toBe('DELETE_COMPLETE');
  });

  test('that fails elsewhere deletes the new one of a replaced custom resource, and keeps the old one', async () => {
    const world = play();
    await create(world, { C: custom({ Size: 1 }) });
    world.answer = async (event) => {
      await world.put(event, event.RequestType === 'Update' ? { PhysicalResourceId: 'thing-2' } : {});
    };
    const stack = await update(world, { C: custom({ Size: 2 }), T: thing({ Fails: 'create', Uses: { Ref: 'C' } }) });
    expect(world.requests.slice(1).map(({ RequestType, PhysicalResourceId }) => [RequestType, PhysicalResourceId])).toEqual([['Update', 'thing-1'], ['Delete', 'thing-2']]);
    expect([stack.status, stack.resources.C?.physicalId, Object.keys(stack.resources)]).toEqual(['UPDATE_ROLLBACK_COMPLETE', 'thing-1', ['C']]);
  });

  test('may not change a ServiceToken', async () => {
    const world = play();
    await create(world, { C: custom() });
    const stack = await update(world, { C: custom({ ServiceToken: 'arn:aws:lambda:eu-central-1:111122223333:function:g' }) });
    expect(stack.events.find(({ status }) => status === 'UPDATE_FAILED')?.reason).toBe('Modifying service token is not allowed.');
    expect([stack.status, world.requests.length]).toEqual(['UPDATE_ROLLBACK_COMPLETE', 1]);
  });

  test('deletes what the new template no longer has, and abandons it if that fails three times', async () => {
    const world = play();
    await create(world, { A: thing(), C: custom() });
    world.answer = async (event) => {
      await world.put(event, { Status: 'FAILED', Reason: 'no' });
    };
    const stack = await update(world, { A: thing() });
    expect([stack.status, Object.keys(stack.resources)]).toEqual(['UPDATE_COMPLETE', ['A']]);
    expect(stack.statusReason).toBe('Update successful. One or more resources could not be deleted.');
    expect(world.requests.map(({ RequestType }) => RequestType)).toEqual(['Create', 'Delete', 'Delete', 'Delete']);
  });

  test('of a parameter alone changes what uses it, and is refused when it comes again', async () => {
    const world = play();
    const templateBody = templateOf({ A: thing({ Size: { Ref: 'P' } }) }, { Parameters: { P: { Type: 'String', Default: '1' } } });
    await world.over(world.cloudFormation.createStack({ stackName: 's', templateBody }));
    const again = () => world.over(world.cloudFormation.updateStack({ stackName: 's', templateBody, parameters: { P: '2' } }));
    const stack = await again();
    expect([stack.status, stack.parameters, stack.resources.A?.properties]).toEqual(['UPDATE_COMPLETE', { P: '2' }, { Size: '2' }]);
    await expect(again()).rejects.toThrow('No updates are to be performed.');
  });

  test('is taken back, with its parameters, when an output of it cannot be resolved', async () => {
    const world = play();
    answering(world, () => ({ Data: { Name: 'n' } }));
    const input = (name: string, P: string) => {
      const rest = { Outputs: { O: { Value: { 'Fn::GetAtt': ['C', name] } } }, Parameters: { P: { Type: 'String' } } };
      return { stackName: 's', templateBody: templateOf({ C: custom({ Size: { Ref: 'P' } }) }, rest), parameters: { P } };
    };
    await world.over(world.cloudFormation.createStack(input('Name', '1')));
    const stack = await world.over(world.cloudFormation.updateStack(input('Other', '2')));
    expect([stack.status, stack.parameters, stack.outputs]).toEqual(['UPDATE_ROLLBACK_COMPLETE', { P: '1' }, { O: 'n' }]);
  });

  test('is refused when it changes nothing', async () => {
    const world = play();
    await create(world, { A: thing() });
    await expect(update(world, { A: thing() })).rejects.toThrow('No updates are to be performed.');
  });
});

describe('a deletion', () => {
  test('that a custom resource refuses can be tried again', async () => {
    const world = play();
    await create(world, { A: thing(), C: custom({ Uses: { Ref: 'A' } }) });
    world.answer = async (event) => {
      await world.put(event, world.requests.length < 3 ? { Status: 'FAILED', Reason: 'busy' } : {});
    };
    const stack = await world.over(world.cloudFormation.deleteStack('s'));
    expect([stack?.status, Object.keys(stack?.resources ?? {})]).toEqual(['DELETE_FAILED', ['A', 'C']]);
    await world.over(world.cloudFormation.deleteStack('s'));
    expect(stack?.status).toBe('DELETE_COMPLETE');
  });

  test('after a failed one may leave the resource alone', async () => {
    const world = play();
    await create(world, { A: thing(), C: custom({ Uses: { Ref: 'A' } }) });
    await expect(world.cloudFormation.deleteStack('s', { retainResources: ['C'] })).rejects.toThrow('DELETE_FAILED');
    world.answer = async (event) => {
      await world.put(event, { Status: 'FAILED', Reason: 'busy' });
    };
    await world.over(world.cloudFormation.deleteStack('s'));
    const stack = await world.over(world.cloudFormation.deleteStack('s', { retainResources: ['C'] }));
    expect([stack?.status, world.log.at(-1)]).toEqual(['DELETE_COMPLETE', 'delete A-1']);
  });

  test('keeps a resource whose DeletionPolicy is Retain', async () => {
    const world = play();
    await create(world, { A: thing({}, { DeletionPolicy: 'Retain' }) });
    const stack = await world.over(world.cloudFormation.deleteStack('s'));
    expect(stack?.status).toBe('DELETE_COMPLETE');
    expect(world.log).toEqual(['create A-1']);
  });

  test('of a template takes away what its DeletionPolicy does not keep, whatever Metadata it has', async () => {
    const world = play();
    await create(world, { A: thing({}, { DeletionPolicy: 'Delete', Metadata: { Comment: 'any' } }), B: thing({}, { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' }) });
    await world.over(world.cloudFormation.deleteStack('s'));
    expect(world.log.filter((line) => line.startsWith('delete'))).toEqual([expect.stringMatching(/^delete A-/)]);
  });

  test.each([
    ['Retain', []],
    ['Delete', ['delete A-1']],
  ])('of the old resource after a replacement is decided by UpdateReplacePolicy %s', async (UpdateReplacePolicy, deleted) => {
    const world = play();
    await create(world, { A: thing({ Kind: 'one' }, { UpdateReplacePolicy }) });
    await update(world, { A: thing({ Kind: 'two' }, { UpdateReplacePolicy }) });
    expect(world.log.filter((line) => line.startsWith('delete'))).toEqual(deleted);
  });

  test('policy that is not modelled is refused by name', async () => {
    await expect(create(play(), { A: thing({}, { DeletionPolicy: 'Snapshot' }) })).rejects.toThrow('does not model the DeletionPolicy "Snapshot"');
  });
});
