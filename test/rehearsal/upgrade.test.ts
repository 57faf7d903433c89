import { leftovers } from '../../rehearsal/leftovers';
import { openWorld, STACK } from '../../rehearsal/world';
import { KeyPool } from '../../simulator/ssm/key-pool';

/** The template as it might have been before: other code in every function, another Comment in every machine, another script. */
function olderThan(body: string): string {
  const older = body
    .replaceAll('// functions/', '// before: functions/')
    .replaceAll('"Comment": "', '"Comment": "Before: ')
    .replace('# Finds, makes or removes kmsuser', '# Before: finds, makes or removes kmsuser');
  for (const changed of ['// before: functions/', '"Comment": "Before: ', '# Before: finds']) if (!older.includes(changed)) throw new Error(`Nothing was changed to ${changed}`);
  return older;
}

it('a newer template takes the place of the one before: the key store is not asked, stays connected, and is renamed and deleted by the new one', async () => {
  const world = await openWorld({ keyPool: new KeyPool() });
  const { aws, cloudFormation, kms, ssm } = world.account;
  const parameters = { ...world.parameters, pDeleteKeyStoreUponStackDeletion: 'true' };
  const input = (templateBody: string, more: Record<string, string> = {}) => ({ stackName: STACK, templateBody, fromS3: true, parameters: { ...parameters, ...more } });
  const over = async (operation: Promise<unknown>): Promise<string> => {
    await aws.clock.runUntilSettled(operation);
    return cloudFormation.stack(STACK).status;
  };
  const store = () => kms.state.keyStores.map(({ keyStoreId, name, connection }) => [keyStoreId, name, connection.state]);
  try {
    expect(await over(cloudFormation.createStack(input(olderThan(world.templateBody))))).toBe('CREATE_COMPLETE');
    const [asked, before, documents] = [cloudFormation.answers.length, store(), Object.keys(ssm.state.documents)];
    expect(await over(cloudFormation.updateStack(input(world.templateBody)))).toBe('UPDATE_COMPLETE');
    expect([cloudFormation.answers.length, store()]).toEqual([asked, before]);
    // CloudFormation replaces a document without a name when its content changes, and takes the old one away.
    expect(Object.keys(ssm.state.documents)).toHaveLength(1);
    expect(Object.keys(ssm.state.documents)).not.toEqual(documents);
    expect(await over(cloudFormation.updateStack(input(world.templateBody, { pKeyStoreName: 'payments' })))).toBe('UPDATE_COMPLETE');
    expect(store()).toEqual([[before[0]?.[0], 'payments', 'CONNECTED']]);
    expect(await over(cloudFormation.deleteStack(STACK))).toBe('DELETE_COMPLETE');
    await aws.clock.runTo(aws.clock.now + 10 * 60_000);
    expect([...leftovers(world), ...world.account.refusals]).toEqual([]);
  } finally {
    await world.account.close();
  }
});
