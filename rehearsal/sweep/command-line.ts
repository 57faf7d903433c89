import { availableParallelism } from 'node:os';
import { parseOptions, UsageError } from '../parse-options';
import { FAULT_KINDS } from './fault-kinds';
import { LIFECYCLES } from './lifecycles';

/** What --help prints. */
export const USAGE = `Plays a stack's life again and again on a local AWS, each time with one fault at one place, and checks every promise after it.

npm run sweep                          every case
npm run sweep -- --lifecycle NAME      the cases of one lifecycle
npm run sweep -- --fault NAME          the cases of one fault
npm run sweep -- --every N              every Nth case, for a first look
npm run sweep -- --case ID             one case, with all that happens in it
npm run sweep -- --workers N           on so many cores; default: all
npm run sweep -- --list                the lifecycles and the faults
npm run sweep -- --help                this text

The exit status is 0 if no promise was broken, 1 if one was, 2 if an option is wrong
or this machine lacks a program that is run for real.`;

/** What the command line asks for. */
export interface Options {
  action: 'sweep' | 'replay' | 'list' | 'help';
  lifecycle?: string;
  fault?: string;
  /** Which part of the cases: every Nth. 1 is all. */
  every: number;
  /** The id of a case. */
  one?: string;
  workers: number;
}

const OPTIONS = {
  lifecycle: { type: 'string' },
  fault: { type: 'string' },
  every: { type: 'string' },
  case: { type: 'string' },
  workers: { type: 'string' },
  list: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

/** @throws UsageError */
export function readOptions(args: string[]): Options {
  const { help, list, lifecycle, fault, every = '1', workers = String(availableParallelism()), case: one } = parseOptions(args, OPTIONS, 'npm run sweep -- --help');
  const unknown = (what: string): UsageError => new UsageError(`There is no ${what}: see npm run sweep -- --list`);
  if (lifecycle !== undefined && !LIFECYCLES.some(({ name }) => name === lifecycle)) throw unknown(`lifecycle "${lifecycle}"`);
  if (fault !== undefined && !FAULT_KINDS.some(({ name }) => name === fault)) throw unknown(`fault "${fault}"`);
  if (one !== undefined && !LIFECYCLES.some(({ name }) => one.startsWith(`${name}/`))) throw unknown(`case "${one}", an id begins with a lifecycle`);
  if (!/^[1-9]\d?$/.test(workers)) throw new UsageError(`"${workers}" is no number of workers from 1 to 99: see npm run sweep -- --help`);
  if (!/^[1-9]\d{0,3}$/.test(every)) throw new UsageError(`"${every}" is no number from 1 to 9999: see npm run sweep -- --help`);
  const action = help ? 'help' : list ? 'list' : one === undefined ? 'sweep' : 'replay';
  const chosen = { ...(lifecycle !== undefined && { lifecycle }), ...(fault !== undefined && { fault }), ...(one !== undefined && { one }) };
  return { action, workers: Number(workers), every: Number(every), ...chosen };
}
