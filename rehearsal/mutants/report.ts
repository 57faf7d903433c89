import type { Notice } from './judge';
import { KINDS, type Mutant } from './mutant';

/** A mutant, and who noticed it; nobody if it survives. */
export interface Outcome {
  mutant: Pick<Mutant, 'id' | 'kind' | 'lacks'>;
  notice?: Notice;
}

/** The share of all mutants that must be noticed. */
const REQUIRED = 0.9;

/** What is wrong with the outcome of all mutants; empty if nothing is. */
export function errorsIn(outcomes: Outcome[], reasons: Readonly<Record<string, string>>): string[] {
  const survivors = outcomes.filter(({ notice }) => !notice).map(({ mutant }) => mutant);
  const noticed = outcomes.length - survivors.length;
  return [
    ...survivors.filter(({ kind }) => kind === 'guard').map(({ id }) => `${id} survives: a guard that has a name must be noticed`),
    ...survivors.filter(({ id, kind }) => kind !== 'guard' && !(id in reasons)).map(({ id }) => `${id} survives, and no reason is known`),
    ...Object.keys(reasons)
      .filter((id) => !survivors.some((survivor) => survivor.id === id))
      .map((id) => `${id} has a reason to survive, and does not survive`),
    ...(noticed >= outcomes.length * REQUIRED ? [] : [`only ${noticed} of ${outcomes.length} are noticed`]),
  ];
}

/** A table by kind, and the survivors with their reasons. */
export function table(outcomes: Outcome[], reasons: Readonly<Record<string, string>>): string {
  const row = (name: string, ...values: (string | number)[]): string => name.padEnd(12) + values.map((value) => String(value).padStart(10)).join('');
  const counts = (some: Outcome[]): number[] => {
    const by = (who: Notice['by']): number => some.filter(({ notice }) => notice?.by === who).length;
    return [some.length, some.filter(({ notice }) => notice).length, by('scenario'), by('sweep'), by('test'), some.filter(({ notice }) => !notice).length];
  };
  const survivors = outcomes.filter(({ notice }) => !notice);
  return [
    row('without a', 'mutants', 'noticed', 'scenarios', 'sweep', 'tests', 'survive'),
    ...KINDS.map((kind) => row(kind, ...counts(outcomes.filter(({ mutant }) => mutant.kind === kind)))),
    row('all', ...counts(outcomes)),
    ...(survivors.length > 0 ? ['', 'Survivors'] : []),
    ...survivors.map(({ mutant: { id, lacks } }) => `  ${id}\n    lacks ${lacks}\n    ${reasons[id] ?? 'No reason is known'}`),
  ].join('\n');
}

const WHO: Record<Notice['by'], string> = { scenario: 'the scenario', sweep: 'the case of the sweep', test: 'the tests' };

/** Who noticed one mutant, and how. */
export function story({ mutant: { id, lacks }, notice }: Outcome, reasons: Readonly<Record<string, string>>): string {
  const heading = `${id}\n  lacks       ${lacks}\n`;
  if (!notice) return `${heading}  noticed by  nobody. ${reasons[id] ?? 'No reason is known'}`;
  return `${heading}  noticed by  ${WHO[notice.by]} ${notice.name}\n  because     ${notice.finding}`;
}
