import { readFileSync } from 'node:fs';
import { cover, strikes } from '../../rehearsal/sweep/cover';
import { casesOf, type SweepCase } from '../../rehearsal/sweep/case';
import { EXCLUSIONS, withoutExcused } from '../../rehearsal/sweep/exclusions';
import { FAULT_KINDS } from '../../rehearsal/sweep/fault-kinds';
import { lifecycle, LIFECYCLES } from '../../rehearsal/sweep/lifecycles';
import { MODELLED_ERRORS } from '../../rehearsal/sweep/modelled-errors';
import { gaps } from '../../rehearsal/sweep/report';
import { run } from '../../rehearsal/sweep/run';
import type { Site } from '../../rehearsal/sweep/site';
import { Stage } from '../../rehearsal/sweep/stage';
import { sweep, unvisited, type Result, type Swept } from '../../rehearsal/sweep/sweep';
import { FILES } from '../../templates/src/emit';
import { withHandler, withoutRetries } from './faulty-template';

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
    const called = recordings.flatMap(({ sites }) => sites.flatMap((site) => (site.kind === 'call' ? [`${site.service}:${site.operation}`] : [])));
    expect([...new Set(called)].sort()).toEqual(Object.keys(MODELLED_ERRORS).sort());
    const struck = new Set(results.flatMap(({ one }) => strikes(one)));
    expect(all.flatMap(strikes).filter((thing) => !struck.has(thing))).toEqual([]);
    expect(FAULT_KINDS.filter(({ name }) => !struck.has(`by ${name}`)).map(({ name }) => name)).toEqual([]);
  }, 300_000);

  it('would notice a promise that is broken, tells what happened, and ends with status 1', async () => {
    // Without the fault it answers as it must.
    const silent = withHandler('rLambdaSendCfnResponse', "(event) => handler(event).catch(() => ({ Status: 'SUCCESS', Reason: 'Done' }))")(templateBody);
    const id = 'create/secretsmanager:GetSecretValue@create-key-store.SendCfnResponse#first/throttled-once';
    const { text, status } = await commandLine(['--case', id], silent);
    expect(text).toMatch(/P1: Create \S+ was never answered/);
    for (const word of [id, 'CREATE_FAILED', 'key-store CreateKmsUser', 'ssm:SendCommand', 'cloudhsm-cli user create', '<== FAULT', 'has struck']) expect(text).toContain(word);
    expect(status).toBe(1);
  });

  it('of one lifecycle and one fault tells at once, and in the table at its end, each case that broke a promise with its command, and ends with status 1', async () => {
    const progress = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    const hasty = withoutRetries('rStateMachineUpdateKeyStore')(templateBody);
    const { text, status } = await commandLine(['--lifecycle', 'update-name', '--fault', 'throttled-once', '--every', '4', '--workers', '2'], hasty);
    const ids = [...text.matchAll(/^ {4}npm run sweep -- --case '(update-name\/\S+\/throttled-once)'$/gm)].map(([, id = '']) => id);
    expect(ids).not.toEqual([]);
    const atOnce = progress.mock.calls.join('');
    progress.mockRestore();
    for (const id of ids) expect(atOnce).toContain(`npm run sweep -- --case '${id}'`);
    const [, cases = '', struck = '', broken = ''] = /^update-name +\d+ +(\d+) +(\d+) +(\d+) +-$/m.exec(text) ?? [];
    expect([struck, broken]).toEqual([cases, String(ids.length)]);
    expect(text).toMatch(new RegExp(`^${ids.length} cases broke a promise$`, 'm'));
    expect(status).toBe(1);
  });

  it('that is whole must use every exclusion, strike with every fault, and come by every state', () => {
    const one: SweepCase = { id: 'create/operation/net-lost', lifecycle: 'create', site: { kind: 'operation' }, fault: 'net-lost' };
    const result: Result = { id: one.id, one, struck: true, ended: 'CREATE_COMPLETE', broken: [], operations: 1, visited: ['m.A'], timeline: [], excusedBy: [...EXCLUSIONS.keys()] };
    const recordings = [{ lifecycle: 'create', sites: [], states: ['m.A'] }];
    const whole: Swept = { recordings, results: [result], coreMilliseconds: 1 };
    expect(gaps(whole)).toEqual([]);
    expect(gaps({ ...whole, results: [{ ...result, excusedBy: [1, 2, 3, 4] }] })).toEqual([expect.stringMatching(/^This exclusion excuses nothing/)]);
    expect(gaps({ ...whole, results: [{ ...result, struck: false }] })).toEqual(['This fault has never struck: create/operation/net-lost']);
    expect(gaps({ ...whole, recordings: [{ lifecycle: 'create', sites: [], states: ['m.A', 'm.B'] }] })).toEqual(['No case comes by the state m.B: add a lifecycle']);
  });

  it('cannot begin with a lifecycle that does not end as it must', async () => {
    const [first] = LIFECYCLES;
    if (!first) throw new Error('There is no lifecycle');
    await expect(new Stage(templateBody).record({ ...first, ends: 'ROLLBACK_COMPLETE' })).rejects.toThrow('ends CREATE_COMPLETE, not ROLLBACK_COMPLETE');
    await expect(new Stage(templateBody).record({ ...first, since: () => false })).rejects.toThrow('comes by no call, function or state');
  });

  it('leaves to the model of a lifecycle the middle and the last visits of the places that both come by, and no others', () => {
    const call = (where: string, index: number): Site => ({ kind: 'state', machine: 'm', state: where, where: `m.${where}`, index });
    const its = { lifecycle: 'update-gone', sites: [call('A', 0), call('A', 1), call('B', 0), call('B', 1)], states: [] };
    const model = { lifecycle: 'update-rotation', sites: [call('A', 0)], states: [] };
    const places = (cases: SweepCase[]) => [...new Set(cases.map(({ id }) => id.split('/')[1]))];
    expect(places(casesOf(lifecycle('update-gone'), its, model))).toEqual(['state@m.A#first', 'state@m.B#first', 'state@m.B#last']);
    expect(places(casesOf(lifecycle('update-gone'), its))).toEqual(['state@m.A#first', 'state@m.A#last', 'state@m.B#first', 'state@m.B#last']);
  });

  it('excuses only what an exclusion names', () => {
    const id = 'delete/ssm:SendCommand@delete-key-store.DeleteKmsUser#first/server-error';
    const broken = ['ended DELETE_FAILED, and without the fault DELETE_COMPLETE: The admin login is spent: one was tried', 'P4: left over: a file'];
    expect(withoutExcused({ id }, broken)).toEqual({ broken: ['P4: left over: a file'], excusedBy: [0] });
    const spent = 'ssm:SendCommand@update-key-store.ResetKmsUser#first/server-error';
    for (const [rolledBack, ended] of [
      [`create-internal-error/${id.slice('delete/'.length)}`, 'ROLLBACK_FAILED, and without the fault ROLLBACK_COMPLETE'],
      [`update-move-fails/${spent}`, 'UPDATE_ROLLBACK_FAILED, and without the fault UPDATE_ROLLBACK_COMPLETE'],
      [`update-rotation/${spent}`, 'UPDATE_ROLLBACK_COMPLETE, and without the fault UPDATE_COMPLETE'],
    ] as const) {
      expect(withoutExcused({ id: rolledBack }, [`ended ${ended}: The admin login is spent: one was tried`])).toEqual({ broken: [], excusedBy: [0] });
    }
    const forAnotherReason = ['ended DELETE_FAILED, and without the fault DELETE_COMPLETE: The client is not running'];
    expect(withoutExcused({ id }, forAnotherReason).broken).toEqual(forAnotherReason);
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
