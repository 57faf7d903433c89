import { availableParallelism } from 'node:os';
import { parseOptions, UsageError } from '../parse-options';

export const USAGE = `Takes one thing after the other out of the product, and looks whether anybody notices: each Catcher, Retrier and
Choice rule of the state machines, each DependsOn and each grant of the template, and the guards that have names.
A scenario that uses the thing is played without it; what no scenario notices, tests may.

npm run mutants                    all of them: a table, and the survivors
npm run mutants -- --mutant ID     one of them: who noticed it, and how
npm run mutants -- --list          their ids, and what each lacks
npm run mutants -- --workers N     in N processes; default: one for each core
npm run mutants -- --help          this text

The exit status is 0 if all are noticed but those whose reason is known, every guard among them, and 90 % at least;
1 if not, 2 if an option is wrong or this machine lacks a program that is run for real.`;

export interface Options {
  action: 'prove' | 'list' | 'help';
  /** Only this one. */
  mutant?: string;
  workers: number;
}

const OPTIONS = { mutant: { type: 'string' }, workers: { type: 'string' }, list: { type: 'boolean' }, help: { type: 'boolean' } } as const;

/** @throws UsageError */
export function readOptions(args: string[]): Options {
  const { mutant, workers = String(availableParallelism()), list, help } = parseOptions(args, OPTIONS, 'npm run mutants -- --help');
  if (!/^[1-9]\d?$/.test(workers)) throw new UsageError(`--workers takes a number from 1 to 99, not "${workers}": see npm run mutants -- --help`);
  return { action: help ? 'help' : list ? 'list' : 'prove', ...(mutant !== undefined && { mutant }), workers: Number(workers) };
}
