import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { leftovers } from '../../rehearsal/leftovers';
import { openWorld, STACK, type World } from '../../rehearsal/world';
import { KeyPool } from '../../simulator/ssm/key-pool';

/** The emitted file of each release, as it was published: releases/VERSION.yml. */
const folder = path.join(__dirname, 'releases');
const releases = readdirSync(folder).map((file) => path.basename(file, '.yml'));
const keyPool = new KeyPool();

/** A stack that was made from the template of a release, with the required parameters and the delete option. */
async function openStack(release: string) {
  const world = await openWorld({ keyPool });
  const { aws, cloudFormation, cloudHsm, kms, ssm } = world.account;
  let parameters = { ...world.parameters, pDeleteKeyStoreUponStackDeletion: 'true' };
  const input = (templateBody: string) => ({ stackName: STACK, templateBody, fromS3: true, parameters });
  const over = async (operation: Promise<unknown>): Promise<string> => {
    await aws.clock.runUntilSettled(operation);
    return cloudFormation.stack(STACK).status;
  };
  return {
    world,
    create: () => over(cloudFormation.createStack(input(readFileSync(path.join(folder, `${release}.yml`), 'utf8')))),
    update: (more: Record<string, string> = {}, templateBody = world.templateBody) => {
      parameters = { ...parameters, ...more };
      return over(cloudFormation.updateStack(input(templateBody)));
    },
    delete: () => over(cloudFormation.deleteStack(STACK)),
    /** What an upgrade must leave alone: key stores, the tables of the HSMs, logins. */
    untouched: () => structuredClone([kms.state.keyStores, cloudHsm.state.clusters.map(({ hsms }) => hsms), cloudHsm.state.logins]),
    documents: () => Object.keys(ssm.state.documents),
    keyStore: () => kms.state.keyStores.map(({ keyStoreId, name, connection }) => [keyStoreId, name, connection.state]),
    left: async () => {
      await aws.clock.runTo(aws.clock.now + 10 * 60_000);
      return [...leftovers(world), ...world.account.refusals];
    },
  };
}

/** A template that CloudFormation cannot carry out to its end: the name of its last resource is taken. */
function failingAtTheEnd(body: string): string {
  const failing = body.replace(
    '\nResources:\n',
    '\nResources:\n  rFails:\n    Type: AWS::SecretsManager::Secret\n    DependsOn: rKmsCloudHsmKeyStore\n    Properties:\n      Name: hsm/admin-password\n',
  );
  if (failing === body) throw new Error('Nothing was changed');
  return failing;
}

let world: World | undefined;
afterEach(() => world?.account.close());

describe.each(releases)('a stack from release %s', (release) => {
  it('is taken over by the current template: key store, users and logins stay untouched, and the new one renames, rotates and deletes', async () => {
    const stack = await openStack(release);
    world = stack.world;
    expect(await stack.create()).toBe('CREATE_COMPLETE');
    const [before, documents, [store]] = [stack.untouched(), stack.documents(), stack.keyStore()];
    expect(await stack.update()).toBe('UPDATE_COMPLETE');
    expect(stack.untouched()).toEqual(before);
    // CloudFormation replaces a document without a name when its content changes, and takes the old one away.
    expect(stack.documents()).toHaveLength(1);
    expect(stack.documents()).not.toEqual(documents);
    expect(await stack.update({ pKeyStoreName: 'payments' })).toBe('UPDATE_COMPLETE');
    expect(await stack.update({ pKmsUserPasswordRotation: 'first' })).toBe('UPDATE_COMPLETE');
    expect(stack.keyStore()).toEqual([[store?.[0], 'payments', 'CONNECTED']]);
    expect(await stack.delete()).toBe('DELETE_COMPLETE');
    expect(await stack.left()).toEqual([]);
  });

  it('is taken over in the same update that gives all resources other names, and can be deleted', async () => {
    const stack = await openStack(release);
    world = stack.world;
    expect(await stack.create()).toBe('CREATE_COMPLETE');
    const before = stack.untouched();
    expect(await stack.update({ pSystem: 'vault', pEnvPurpose: 'prod' })).toBe('UPDATE_COMPLETE');
    expect(stack.untouched()).toEqual(before);
    expect(Object.keys(stack.world.account.states.state.machines).filter((arn) => !arn.includes(':vault-prod-'))).toEqual([]);
    expect(await stack.delete()).toBe('DELETE_COMPLETE');
    expect(await stack.left()).toEqual([]);
  });

  it('goes back to its own template when the upgrade fails, and is renamed and deleted by that', async () => {
    const stack = await openStack(release);
    world = stack.world;
    const old = readFileSync(path.join(folder, `${release}.yml`), 'utf8');
    expect(await stack.create()).toBe('CREATE_COMPLETE');
    const before = stack.untouched();
    expect(await stack.update({}, failingAtTheEnd(stack.world.templateBody))).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(stack.untouched()).toEqual(before);
    expect(await stack.update({ pKeyStoreName: 'payments' }, old)).toBe('UPDATE_COMPLETE');
    expect(stack.keyStore()).toEqual([[expect.anything(), 'payments', 'CONNECTED']]);
    expect(await stack.delete()).toBe('DELETE_COMPLETE');
    expect(await stack.left()).toEqual([]);
  });
});
