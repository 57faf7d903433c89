import { readFileSync } from 'node:fs';
import { makeLife, playLife, shrink, tell, type Happening } from '../../rehearsal/random-life';
import { KeyPool } from '../../simulator/ssm/key-pool';
import { FILES } from '../../templates/src/emit';

/** LIFE_SEED=7 npx jest random-lives plays the life of seed 7 alone. */
const { LIFE_SEED } = process.env;
const SEEDS = LIFE_SEED === undefined ? Array.from({ length: 8 }, (_, index) => index + 1) : [Number(LIFE_SEED)];

const RENAME: Happening = { do: 'update', parameters: { pKeyStoreName: 'payments' } };

const keyPool = new KeyPool();

describe('a life with changes, hands of others and faults in it', () => {
  it.each(SEEDS)(
    'breaks no promise, and the stack can be created again (LIFE_SEED=%i)',
    async (seed) => {
      const happenings = makeLife(seed);
      const played = await playLife(seed, happenings, { keyPool });
      const [first] = played.broken;
      if (first === undefined) return;
      const [promise = ''] = first.split(':');
      const shortest = await shrink(happenings, async (shorter) => {
        const { broken } = await playLife(seed, shorter, { keyPool });
        return broken.some((line) => line.startsWith(promise));
      });
      const again = await playLife(seed, shortest, { keyPool });
      const told = [`The shortest ${tell(seed, shortest, again)}`, ...again.broken, `The whole ${tell(seed, happenings, played)}`, ...played.broken];
      throw new Error(`LIFE_SEED=${seed} breaks a promise. ${told.join('\n')}`);
    },
    10 * 60_000,
  );

  it('is the same for the same seed, and another for another one', () => {
    expect(makeLife(7)).toEqual(makeLife(7));
    expect(new Set(SEEDS.map((seed) => JSON.stringify(makeLife(seed)))).size).toBe(SEEDS.length);
  });

  it('is found out when a role may not do what it must', async () => {
    const body = readFileSync(FILES.readable, 'utf8');
    const templateBody = body.replace('- kms:UpdateCustomKeyStore\n', '- kms:GenerateRandom\n');
    expect(templateBody).not.toBe(body);
    const { broken, ends } = await playLife(1, [{ do: 'create' }, RENAME], { keyPool, templateBody });
    expect(broken).toEqual([expect.stringMatching(/^P11: \S+-manage-key-store may not kms:UpdateCustomKeyStore on \*$/)]);
    expect(ends).toEqual(['CREATE_COMPLETE', expect.stringContaining('AWS denied a call of the stack')]);
  });

  it('is made shorter, as long as it is still wrong, and told one happening a line', async () => {
    const meanwhile = { hand: 'restarts the client', after: 3 } as const;
    const happenings: Happening[] = [{ do: 'create', meanwhile }, { hand: 'locks kmsuser' }, { ...RENAME, meanwhile }, { do: 'delete' }];
    const shortest = await shrink(happenings, (shorter) => Promise.resolve(/create.*payments.*restarts/.test(JSON.stringify(shorter))));
    expect(shortest).toEqual([{ do: 'create' }, { ...RENAME, meanwhile }]);
    expect(tell(1, [{ do: 'create' }, RENAME], { ends: ['CREATE_COMPLETE'] })).toBe(
      'life of seed 1:\n  {"do":"create"} → CREATE_COMPLETE\n  {"do":"update","parameters":{"pKeyStoreName":"payments"}}',
    );
  });
});
