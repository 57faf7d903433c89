import { readFileSync } from 'node:fs';
import { FILES } from '../../templates/src/emit';
import { findMissingPrograms } from '../machine';
import { UsageError } from '../parse-options';
import { casesOf, type SweepCase } from './case';
import { readOptions, USAGE, type Options } from './command-line';
import { withoutExcused } from './exclusions';
import { FAULT_KINDS } from './fault-kinds';
import { lifecycle, LIFECYCLES } from './lifecycles';
import { playCase } from './play-case';
import { gaps, report, told } from './report';
import { Stage } from './stage';
import { sweep, type Progress } from './sweep';

/**
 * Carries out the command line of the sweep, on the emitted template or another one.
 * @returns the exit status: 0 no promise was broken, 1 one was, 2 an option is wrong or the machine lacks a program
 */
export async function run(args: string[], print: (text: string) => void, templateBody = readFileSync(FILES.readable, 'utf8')): Promise<number> {
  try {
    const options = readOptions(args);
    if (options.action === 'help') print(USAGE);
    if (options.action === 'list') print(list());
    if (options.action === 'help' || options.action === 'list') return 0;
    const missing = findMissingPrograms();
    if (missing.length > 0) throw new UsageError(missing.join('\n'));
    return options.one === undefined ? await sweepAll(options, print, templateBody) : await replay(options.one, print, templateBody);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    print(error.message);
    return 2;
  }
}

async function sweepAll({ lifecycle: name, fault, every, workers }: Options, print: (text: string) => void, templateBody: string): Promise<number> {
  const lifecycles = LIFECYCLES.filter((one) => name === undefined || one.name === name);
  const choose = (cases: SweepCase[]): SweepCase[] => cases.filter((one) => fault === undefined || one.fault === fault).filter((_one, index) => index % every === 0);
  const swept = await sweep({ templateBody, lifecycles, choose, workers }, showProgress());
  print(report(swept));
  const missing = name === undefined && fault === undefined && every === 1 ? gaps(swept) : [];
  for (const line of missing) print(line);
  return missing.length > 0 || swept.results.length === 0 || swept.results.some(({ broken }) => broken.length > 0) ? 1 : 0;
}

async function replay(id: string, print: (text: string) => void, templateBody: string): Promise<number> {
  const stage = new Stage(templateBody);
  const its = lifecycle(id.split('/')[0] ?? '');
  const model = its.like === undefined ? undefined : await stage.record(lifecycle(its.like));
  const one = casesOf(its, await stage.record(its), model).find((other) => other.id === id);
  if (!one) throw new UsageError(`There is no case "${id}": its lifecycle has no such site, or the fault cannot strike there`);
  const played = await playCase(stage, its, one, true);
  const { broken, excusedBy } = withoutExcused(one, played.broken);
  const verdict = broken.length === 0 ? ['No promise is broken'] : ['Broken promises:', ...broken.map((line) => `  ${line}`)];
  const struck = played.struck ? 'The fault has struck' : 'The fault has never struck';
  const excused = excusedBy.length > 0 ? ['Some of it is excused: see rehearsal/sweep/exclusions.ts'] : [];
  print([id, ...played.timeline, struck, ...excused, ...verdict].join('\n'));
  return broken.length === 0 ? 0 : 1;
}

/** So many cases pass between two lines of progress where there is no terminal. */
const STRIDE = 250;

/** A line that is written over itself on a terminal, and elsewhere one now and then; and each case that broke a promise, at once. */
function showProgress(): Progress {
  const began = performance.now();
  const { isTTY } = process.stderr;
  const fromItsStart = isTTY ? '\r\u001b[K' : '';
  let broken = 0;
  return (result, done, all) => {
    if (result.broken.length > 0) {
      broken++;
      process.stderr.write(`${fromItsStart}${told(result).join('\n')}\n`);
    }
    if (!isTTY && done % STRIDE > 0) return;
    const minutes = ((performance.now() - began) / 60_000 / done) * (all - done);
    const line = `${done} of ${all} cases, ${broken} broke a promise, ${minutes.toFixed(0)} minutes to go`;
    process.stderr.write(`${fromItsStart}${line}${isTTY && done < all ? '' : '\n'}`);
  };
}

function list(): string {
  const faults = FAULT_KINDS.map(({ name, shows }) => `  ${name.padEnd(46)}${shows}`);
  return ['Lifecycles:', ...LIFECYCLES.map(({ name }) => `  ${name}`), '', 'Faults:', ...faults].join('\n');
}
