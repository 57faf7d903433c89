import { EXCLUSIONS } from './exclusions';
import { FAULT_KINDS } from './fault-kinds';
import { lifecycle } from './lifecycles';
import { placeOf } from './site';
import { unvisited, type Result, type Swept } from './sweep';

/** What a sweep came to, in tables. */
export function report(swept: Swept): string {
  const { recordings, results, coreMilliseconds } = swept;
  const broken = results.filter((result) => result.broken.length > 0);
  const operations = results.reduce((sum, result) => sum + result.operations, 0);
  const places = new Set(results.map(({ one }) => `${one.lifecycle} ${placeOf(one.site)}`));
  return [
    ...table(
      ['Lifecycle', 'sites', 'cases', 'struck', 'broken', 'its other sites and visits are as in'],
      recordings.map(({ lifecycle: name }) => [name, ...counts(results.filter(({ one }) => one.lifecycle === name)), lifecycle(name).like ?? '-']),
    ),
    '',
    ...table(['Fault', 'sites', 'cases', 'struck', 'broken'], faultRows(results)),
    '',
    ...table(
      ['Exclusion', 'cases'],
      EXCLUSIONS.map(({ reason }, number) => [reason, String(results.filter(({ excusedBy }) => excusedBy.includes(number)).length)]),
    ),
    ...(broken.length === 0 ? [] : ['', 'Broken promises:', ...broken.flatMap(told)]),
    '',
    `${results.length} cases, of ${FAULT_KINDS.length} kinds of fault at ${places.size} sites, in ${recordings.length} lifecycles`,
    `${results.filter(({ struck }) => !struck).length} faults never struck`,
    `${operations} operations of stacks were played, ${Math.round(coreMilliseconds / Math.max(operations, 1))} ms of core time each`,
    `${Math.round(coreMilliseconds / 1000)} s of core time in all`,
    `${broken.length} cases broke a promise`,
  ].join('\n');
}

/** What a whole sweep must not have: exclusions that excuse nothing, faults that never struck, and states that no case has come by. */
export function gaps(swept: Swept): string[] {
  const unused = EXCLUSIONS.filter((_exclusion, number) => !swept.results.some(({ excusedBy }) => excusedBy.includes(number)));
  return [
    ...unused.map(({ reason }) => `This exclusion excuses nothing, take it out: ${reason}`),
    ...swept.results.filter(({ struck }) => !struck).map(({ id }) => `This fault has never struck: ${id}`),
    ...unvisited(swept).map((state) => `No case comes by the state ${state}: add a lifecycle`),
  ];
}

/** A case, what it broke, and the command that plays it alone. */
export function told({ id, broken }: Result): string[] {
  return [`  ${id}`, ...broken.map((line) => `    ${line}`), `    npm run sweep -- --case '${id}'`];
}

function counts(results: readonly Result[]): string[] {
  const places = new Set(results.map(({ one }) => `${one.lifecycle} ${placeOf(one.site)}`));
  return [places.size, results.length, results.filter(({ struck }) => struck).length, results.filter(({ broken }) => broken.length > 0).length].map(String);
}

function faultRows(results: readonly Result[]): string[][] {
  const shows = [...new Set(FAULT_KINDS.map((kind) => kind.shows))];
  return shows.map((text) => {
    const names = FAULT_KINDS.filter((kind) => kind.shows === text).map(({ name }) => name);
    return [text, ...counts(results.filter(({ one }) => names.includes(one.fault)))];
  });
}

/** A table with its first column to the left, and numbers to the right. */
function table(heads: string[], rows: string[][]): string[] {
  const all = [heads, ...rows];
  const widths = heads.map((_head, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all.map((row) => row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart((widths[column] ?? 0) + 2))).join(''));
}
