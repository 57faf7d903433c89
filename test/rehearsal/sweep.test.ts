import { readFileSync } from 'node:fs';
import { cover, strikes } from '../../rehearsal/sweep/cover';
import { casesOf, type SweepCase } from '../../rehearsal/sweep/case';
import { withoutExcused } from '../../rehearsal/sweep/exclusions';
import { FAULT_KINDS } from '../../rehearsal/sweep/fault-kinds';
import { lifecycle, LIFECYCLES } from '../../rehearsal/sweep/lifecycles';
import { run } from '../../rehearsal/sweep/run';
import { sweep, unvisited } from '../../rehearsal/sweep/sweep';
import { FILES } from '../../templates/src/emit';
import { withHandler } from './faulty-template';

const templateBody = readFileSync(FILES.readable, 'utf8');

/** Lifecycles that come by every state of every machine, the quick ones first. */
const SLICE = [
  'update-name',
  'update-cancelled',
  'delete-gone',
  'delete-never-disconnected',
  'create-disconnected-by-hand',
  'create-never-connected',
  'create-internal-error',
  'delete',
  'update-rotation',
  'update-gone',
  'create',
];
/** What no run without a fault comes by, and only some faults do: the state NotCompleted. */
const BESIDES = ['create/secretsmanager:PutSecretValue@create-key-store.CompleteCreate#first/throttled-for-ever'];

/** Carries a command line out: what it printed, and its exit status. */
async function commandLine(args: string[], body?: string): Promise<{ text: string; status: number }> {
  const printed: string[] = [];
  const status = await run(args, (text) => printed.push(text), body);
  return { text: printed.join('\n'), status };
}

describe('a slice of the sweep', () => {
  it('strikes every call, in every state and function, with every fault, and breaks no promise', async () => {
    const lifecycles = SLICE.map(lifecycle);
    const choose = (cases: SweepCase[]): SweepCase[] => [...cover(cases), ...cases.filter(({ id }) => BESIDES.includes(id))];
    const swept = await sweep({ templateBody, lifecycles, choose, workers: 2 });
    const { recordings, results } = swept;
    expect(results.flatMap(({ id, broken }) => broken.map((line) => `${id}: ${line}`))).toEqual([]);
    expect(results.filter(({ struck }) => !struck).map(({ id }) => id)).toEqual([]);
    expect(unvisited(swept)).toEqual([]);
    const all = lifecycles.flatMap((one, index) => (recordings[index] ? casesOf(one, recordings[index]) : []));
    const struck = new Set(results.flatMap(({ one }) => strikes(one)));
    expect(all.flatMap(strikes).filter((thing) => !struck.has(thing))).toEqual([]);
    expect(FAULT_KINDS.filter(({ name }) => !struck.has(`by ${name}`)).map(({ name }) => name)).toEqual([]);
  }, 300_000);

  it('would notice a promise that is broken, tells what happened, and ends with status 1', async () => {
    const silent = withHandler('rLambdaSendCfnResponse', "async () => ({ Status: 'SUCCESS', Reason: 'Done' })")(templateBody);
    const { text, status } = await commandLine(['--case', 'create/operation/delivered-twice'], silent);
    expect(text).toMatch(/P1: Create \S+ was never answered/);
    for (const word of ['CREATE_FAILED', 'key-store CreateKmsUser', 'ssm:SendCommand', 'cloudhsm-cli user create', 'has struck']) expect(text).toContain(word);
    expect(status).toBe(1);
  });

  it('excuses only what an exclusion names', () => {
    const id = 'delete/ssm:SendCommand@delete-key-store.DeleteKmsUser#first/server-error';
    const broken = ['ended DELETE_FAILED, and without the fault DELETE_COMPLETE', 'P4: left over: a file'];
    expect(withoutExcused({ id }, broken)).toEqual({ broken: ['P4: left over: a file'], excusedBy: [0] });
    expect(withoutExcused({ id: id.replace('server-error', 'throttled-once') }, broken).broken).toEqual(broken);
  });
});

describe('the sweep on the command line', () => {
  it('lists every lifecycle and every fault', async () => {
    const { text, status } = await commandLine(['--list']);
    for (const { name } of [...LIFECYCLES, ...FAULT_KINDS]) expect(text).toContain(name);
    expect(status).toBe(0);
  });

  it('tells with --help each option and what the exit status means', async () => {
    const { text, status } = await commandLine(['--help']);
    for (const word of ['--lifecycle', '--fault', '--case', '--workers', '--list', 'exit status']) expect(text).toContain(word);
    expect(status).toBe(0);
  });

  it.each([
    ['an unknown lifecycle', ['--lifecycle', 'no-such'], /^There is no lifecycle "no-such": see npm run sweep -- --list$/],
    ['an unknown fault', ['--fault', 'no-such'], /^There is no fault "no-such": see npm run sweep -- --list$/],
    ['an id of no lifecycle', ['--case', 'no-such/operation/net-lost'], /^There is no case "no-such.*see npm run sweep -- --list$/],
    ['an id of no site', ['--case', 'update-name/operation/no-such'], /^There is no case "update-name.*the fault cannot strike there$/],
    ['no number of workers', ['--workers', 'many'], /^"many" is no number of workers.*see npm run sweep -- --help$/],
    ['an unknown option', ['--fast'], /--fast.*: see npm run sweep -- --help$/],
  ])('answers %s with one line, and status 2', async (_title, args, line) => {
    const { text, status } = await commandLine(args);
    expect(text).toMatch(line);
    expect(text).not.toContain('\n');
    expect(status).toBe(2);
  });
});
