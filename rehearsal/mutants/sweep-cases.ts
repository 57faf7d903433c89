import { casesOf, faultKind, type SweepCase } from '../sweep/case';
import type { Lifecycle } from '../sweep/lifecycle';
import { LIFECYCLES } from '../sweep/lifecycles';
import { playCase } from '../sweep/play-case';
import { placeOf } from '../sweep/site';
import type { Recording, Stage } from '../sweep/stage';
import { guardOf } from './guards';
import type { Mutant } from './mutant';

/** A case of the fault sweep, and how its operation ends without the fault. */
export interface ExpectedCase {
  case: SweepCase;
  ended: string;
}

/** How many cases are played for one mutant, at most. */
const ENOUGH = 8;

/**
 * The cases that can tell what a mutant lacks: for a Retrier, a fault that goes away by itself, at a call of its state; for a guard, its own.
 * A fault that stays is answered FAILED with or without most other rules; scenarios tell these apart.
 */
export function casesFor({ id, kind }: Mutant, recordings: Recording[]): ExpectedCase[] {
  const [, machine, state] = id.split('/');
  const passesThere = ({ site, fault }: SweepCase): boolean => site.kind === 'call' && site.where === `${machine}.${state}` && faultKind(fault).passes === true;
  if (kind === 'Retrier') return distinct(casesIn(recordings, passesThere));
  if (kind !== 'guard') return [];
  const { noticedBy } = guardOf(id);
  return 'sweep' in noticedBy ? casesIn(recordings, (one) => one.id === noticedBy.sweep) : [];
}

function casesIn(recordings: Recording[], fits: (one: SweepCase) => boolean): ExpectedCase[] {
  return recordings.flatMap((recording) =>
    casesOf(lifecycleOf(recording.lifecycle), recording)
      .filter(fits)
      .map((one) => ({ case: one, ended: recording.ended })),
  );
}

/** The same fault at the same place shows the same, whatever the lifecycle. */
function distinct(cases: ExpectedCase[]): ExpectedCase[] {
  const sameAs = (one: SweepCase, other: SweepCase): boolean => placeOf(one.site) === placeOf(other.site) && one.fault === other.fault;
  return cases.filter(({ case: one }, index) => cases.findIndex(({ case: other }) => sameAs(one, other)) === index).slice(0, ENOUGH);
}

/** @returns what was not as it must be, if anything was */
export async function findBroken(stage: Stage, { case: one, ended }: ExpectedCase): Promise<string | undefined> {
  try {
    const { broken } = await playCase(stage, lifecycleOf(one.lifecycle), ended, one);
    return broken[0];
  } catch (error) {
    return `it cannot be played: ${String(error)}`;
  }
}

/** @throws Error if there is none of that name */
export function lifecycleOf(name: string): Lifecycle {
  const lifecycle = LIFECYCLES.find((one) => one.name === name);
  if (!lifecycle) throw new Error(`The sweep has no lifecycle ${name}`);
  return lifecycle;
}
