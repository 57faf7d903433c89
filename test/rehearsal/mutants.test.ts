import { render } from '../../templates/src/emit';
import { allMutants } from '../../rehearsal/mutants/all-mutants';
import { GUARDS } from '../../rehearsal/mutants/guards';
import { judge, type Bench, type Notice } from '../../rehearsal/mutants/judge';
import { KINDS, type Mutant } from '../../rehearsal/mutants/mutant';
import { record } from '../../rehearsal/mutants/record';
import { errorsIn, story, table, type Outcome } from '../../rehearsal/mutants/report';
import { runMutants } from '../../rehearsal/mutants/run';
import { SURVIVORS } from '../../rehearsal/mutants/survivors';
import { DEFAULT_SCENARIO, scenarioNames } from '../../rehearsal/scenarios';
import { Stage } from '../../rehearsal/sweep/stage';
import { KeyPool } from '../../simulator/ssm/key-pool';

const mutants = allMutants();
const bench: Bench = { keyPool: new KeyPool(), healthy: new Stage(render('readable')) };

function mutantOf(id: string): Mutant {
  const mutant = mutants.find((one) => one.id === id);
  if (!mutant) throw new Error(`There is no mutant ${id}`);
  return mutant;
}

/** Carries a command line out: what it printed, and its exit status. */
async function commandLine(...args: string[]): Promise<{ text: string; status: number }> {
  const printed: string[] = [];
  const status = await runMutants(args, (text) => printed.push(text));
  return { text: printed.join('\n'), status };
}

describe('the mutants', () => {
  it('are of every kind, and there are as many as the product has of each', () => {
    expect(KINDS.filter((kind) => mutants.filter((mutant) => mutant.kind === kind).length < 2)).toEqual([]);
    expect(mutants.length).toBeGreaterThan(150);
  });

  it.each(mutants.filter(({ kind }) => kind === 'guard').map(({ id }) => id))('can still be made: %s', (id) => {
    expect(Object.keys(mutantOf(id).make().files)).toHaveLength(1);
  });

  it('each lack one thing: what they play is another template than all others', () => {
    const bodies = mutants.filter(({ kind }) => kind !== 'guard').map(({ make }) => make().templateBody);
    expect(bodies).not.toContain(undefined);
    expect(new Set(bodies).size).toBe(bodies.length);
  });

  it('have reasons to survive for none that there is not', () => {
    expect(Object.keys(SURVIVORS).filter((id) => !mutants.some((mutant) => mutant.id === id))).toEqual([]);
  });
});

describe('a mutant is noticed', () => {
  it.each<[string, string, string, RegExp]>([
    ['the Catch', 'catcher/delete-key-store/DeleteKeyStore/1', 'a-key-store-with-keys-is-kept', /the stack ended/],
    ['the grant', 'grant/connect-key-store/1/kms:ConnectCustomKeyStore/all', DEFAULT_SCENARIO, /the stack ended ROLLBACK_/],
    ['the disconnection', 'guard/disconnect-before-delete', DEFAULT_SCENARIO, /the stack ended DELETE_FAILED/],
  ])('by a scenario that needs %s that it lacks', async (_what, id, scenario, finding) => {
    const notice = await judge(mutantOf(id), { scenarios: [scenario], cases: [] }, bench);
    expect(notice).toEqual({ by: 'scenario', name: scenario, finding: expect.stringMatching(finding) as string });
  });

  it('only by what uses what it lacks: the happy path needs no key store with keys', async () => {
    const { taken, failures } = await record(DEFAULT_SCENARIO, bench.keyPool);
    expect(failures).toEqual([]);
    expect(taken).toEqual(expect.arrayContaining(['grant/connect-key-store/1/kms:ConnectCustomKeyStore', 'choice-rule/create-key-store/RequestSucceeded?/1']));
    expect(taken).not.toContain('catcher/delete-key-store/DeleteKeyStore/1');
  });
});

describe('the proof', () => {
  const found: Notice = { by: 'scenario', name: 'a-scenario', finding: 'something is wrong' };
  const outcome = (id: string, kind: Mutant['kind'], notice?: Notice): Outcome => ({ mutant: { id, kind, lacks: 'something' }, ...(notice && { notice }) });
  const ten = Array.from({ length: 10 }, (_, index) => outcome(`grant/${index}`, 'grant', found));

  it('is there when all are noticed, but for one whose reason is known', () => {
    expect(errorsIn(ten, {})).toEqual([]);
    expect(errorsIn([...ten, outcome('retrier/x', 'Retrier')], { 'retrier/x': 'It is harmless' })).toEqual([]);
  });

  it.each<[string, Outcome[], Record<string, string>, string]>([
    ['one survives without a reason', [...ten, outcome('retrier/x', 'Retrier')], {}, 'retrier/x survives, and no reason is known'],
    ['one that has a reason is noticed', ten, { 'grant/1': 'It is harmless' }, 'grant/1 has a reason to survive, and does not survive'],
    [
      'a guard survives, whatever its reason',
      [...ten, outcome('guard/x', 'guard')],
      { 'guard/x': 'It is harmless' },
      'guard/x survives: a guard that has a name must be noticed',
    ],
    ['less than nine in ten are noticed', [...ten.slice(0, 8), outcome('grant/x', 'grant')], { 'grant/x': 'It is harmless' }, 'only 8 of 9 are noticed'],
  ])('is not there when %s', (_what, outcomes, reasons, error) => {
    expect(errorsIn(outcomes, reasons)).toContain(error);
  });

  it('is told in a table by kind, with the survivors and why they are harmless', () => {
    const text = table([...ten, outcome('retrier/x', 'Retrier')], { 'retrier/x': 'It is harmless' });
    expect(text).toMatch(/^all +11 +10 +10 +0 +0 +1$/m);
    expect(text).toContain('retrier/x\n    lacks something\n    It is harmless');
  });

  it('is told of one mutant with who noticed it, and how', () => {
    expect(story(outcome('grant/1', 'grant', found), {})).toMatch(/grant\/1\n.* something\n.*the scenario a-scenario\n.*something is wrong/);
    expect(story(outcome('grant/1', 'grant'), { 'grant/1': 'It is harmless' })).toMatch(/nobody\. It is harmless/);
  });
});

describe('the mutation proof on the command line', () => {
  it('lists every mutant with what it lacks, one a line', async () => {
    const { text, status } = await commandLine('--list');
    expect(text.split('\n').map((line) => line.split('  ')[0])).toEqual(mutants.map(({ id }) => id));
    expect(status).toBe(0);
  });

  it('tells with --help each option and what the exit status means', async () => {
    const { text, status } = await commandLine('--help');
    for (const word of ['--mutant', '--list', '--workers', 'exit status']) expect(text).toContain(word);
    expect(status).toBe(0);
  });

  it.each([
    ['an unknown mutant', ['--mutant', 'no-such'], /^There is no mutant "no-such": see npm run mutants -- --list$/],
    ['an unknown option', ['--fast'], /--fast.*: see npm run mutants -- --help$/],
    ['no number of workers', ['--workers', 'many'], /^--workers takes a number.*: see npm run mutants -- --help$/],
    ['a word too many', ['now'], /now.*: see npm run mutants -- --help$/],
  ])('answers %s with one line, and status 2', async (_title, args, line) => {
    const { text, status } = await commandLine(...args);
    expect(text).toMatch(line);
    expect(text).not.toContain('\n');
    expect(status).toBe(2);
  });
});

test('every scenario that is to notice the lack of a guard is there', () => {
  const named = Object.values(GUARDS).flatMap(({ noticedBy }) => ('scenario' in noticedBy ? [noticedBy.scenario] : []));
  expect(named.filter((name) => !scenarioNames().includes(name))).toEqual([]);
});
