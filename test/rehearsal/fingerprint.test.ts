import { readFileSync } from 'node:fs';
import { fingerprint } from '../../rehearsal/sweep/fingerprint';
import { lifecycle } from '../../rehearsal/sweep/lifecycles';
import { Stage } from '../../rehearsal/sweep/stage';
import { STACK, type World } from '../../rehearsal/world';
import type { StackResource } from '../../simulator/cloudformation/stack';
import type { Secret } from '../../simulator/secretsmanager/secret';
import { FILES } from '../../templates/src/emit';

describe('the fingerprint of a world', () => {
  let world: World;
  beforeAll(async () => {
    const stage = new Stage(readFileSync(FILES.readable, 'utf8'));
    ({ world } = await stage.open(lifecycle('update-name')));
  }, 60_000);
  afterAll(() => world.account.close());

  const ledger = (): Secret => {
    const found = Object.values(world.account.secrets.state.secrets).find(({ name }) => name.includes('Ledger'));
    if (!found) throw new Error('There is no ledger');
    return found;
  };
  const keyStore = (): StackResource => {
    const found = Object.values(world.account.cloudFormation.stack(STACK).resources).find(({ type }) => type.startsWith('Custom::'));
    if (!found) throw new Error('There is no custom resource');
    return found;
  };

  it('stays when a version of the ledger has another id', () => {
    const before = fingerprint(world);
    const { versions, stages } = ledger();
    const version = versions.find(({ id }) => id === stages['AWSCURRENT']);
    if (!version) throw new Error('The ledger has no current version');
    version.id = '0123456789abcdef'.repeat(4);
    stages['AWSCURRENT'] = version.id;
    expect(fingerprint(world)).toBe(before);
  });

  it.each([
    ['the stack points at another key store', () => (keyStore().physicalId = 'cks-0123456789abcdef0')],
    ['the stack is in another status', () => (world.account.cloudFormation.stack(STACK).status = 'UPDATE_FAILED')],
    ['kmsuser has another password than KMS', () => world.account.kms.state.keyStores.forEach((store) => (store.password = 'another-password'))],
  ])('changes when %s', (_what, change) => {
    const before = fingerprint(world);
    change();
    expect(fingerprint(world)).not.toBe(before);
  });
});
