import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { playLife, tell, type Happening } from '../../rehearsal/play-life';
import { lives } from '../../rehearsal/random-life';
import { KeyPool } from '../../simulator/ssm/key-pool';
import { FILES } from '../../templates/src/emit';

/** LIFE_SEED=7 LIVES=100 npx jest random-lives plays a hundred other lives. */
const seed = Number(process.env['LIFE_SEED'] ?? 1);
const numRuns = Number(process.env['LIVES'] ?? 8);
/** For the shortest life that still breaks a promise must be found as well. */
const MINUTES = Math.max(10, numRuns);

const RENAME: Happening = { do: 'update', parameters: { pKeyStoreName: 'payments' } };

const keyPool = new KeyPool();

describe('a life with changes, hands of others and faults in it', () => {
  it(
    `breaks no promise, and the stack can be created again (${numRuns} lives, LIFE_SEED=${seed})`,
    () =>
      fc.assert(
        fc.asyncProperty(lives, async (life) => {
          const played = await playLife(life, { keyPool });
          if (played.broken.length > 0) throw new Error([...played.broken, tell(life, played)].join('\n'));
        }),
        { seed, numRuns, interruptAfterTimeLimit: (MINUTES - 1) * 60_000, markInterruptAsFailure: true },
      ),
    MINUTES * 60_000,
  );

  it('begins with a create, and has every kind of happening in one life or another', () => {
    const all = fc.sample(lives, { seed: 1, numRuns: 200 }).map(({ happenings }) => happenings);
    const kinds = new Set(all.flat().flatMap((one) => ('do' in one ? [one.do, ...(one.meanwhile ? ['meanwhile'] : [])] : Object.keys(one))));
    expect(kinds).toEqual(new Set(['create', 'update', 'delete', 'meanwhile', 'hand', 'fault', 'crash']));
    for (const life of all) {
      const [first] = life.filter((one) => !('fault' in one || 'crash' in one));
      expect(first).toMatchObject({ do: 'create' });
      expect(life.filter((one) => 'fault' in one || 'crash' in one).length).toBeLessThanOrEqual(2);
    }
  });

  it('is found out when a role may not do what it must, and told one happening a line', async () => {
    const body = readFileSync(FILES.readable, 'utf8');
    const templateBody = body.replace('- kms:UpdateCustomKeyStore\n', '- kms:GenerateRandom\n');
    expect(templateBody).not.toBe(body);
    const life = { seed: 1, happenings: [{ do: 'create' } as const, RENAME] };
    const played = await playLife(life, { keyPool, templateBody });
    expect(played.broken).toEqual([expect.stringMatching(/^P11: \S+-manage-key-store may not kms:UpdateCustomKeyStore on \*$/)]);
    expect(tell(life, played)).toMatch(
      /^World of seed 1:\n {2}\{"do":"create"\} → CREATE_COMPLETE\n {2}\{"do":"update","parameters":\{"pKeyStoreName":"payments"\}\} → UPDATE_\w+: AWS denied a call of the stack/,
    );
  });
});
