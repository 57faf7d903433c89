import { casesOf, faultKind, type SweepCase } from '../sweep/case';
import { lifecycle } from '../sweep/lifecycles';
import { playCase } from '../sweep/play-case';
import { placeOf } from '../sweep/site';
import type { Recording, Stage } from '../sweep/stage';
import { guardOf } from './guards';
import type { Mutant } from './mutant';

/** How many cases are played for one mutant, at most. */
const ENOUGH = 8;

/**
 * The cases that can tell what a mutant lacks: for a Retrier, a fault that goes away by itself, at a call of its state; for a guard, its own.
 * A fault that stays is answered FAILED with or without most other rules; scenarios tell these apart.
 */
export function casesFor({ id, kind }: Mutant, recordings: Recording[]): SweepCase[] {
  const [, machine, state] = id.split('/');
  const passesThere = ({ site, fault }: SweepCase): boolean => site.kind === 'call' && site.where === `${machine}.${state}` && faultKind(fault).passes === true;
  if (kind === 'Retrier') return distinct(casesIn(recordings, passesThere));
  if (kind !== 'guard') return [];
  const { noticedBy } = guardOf(id);
  return 'sweep' in noticedBy ? casesIn(recordings, (one) => one.id === noticedBy.sweep) : [];
}

function casesIn(recordings: Recording[], fits: (one: SweepCase) => boolean): SweepCase[] {
  return recordings.flatMap((recording) => casesOf(lifecycle(recording.lifecycle), recording).filter(fits));
}

/** The same fault at the same place shows the same, whatever the lifecycle. */
function distinct(cases: SweepCase[]): SweepCase[] {
  const sameAs = (one: SweepCase, other: SweepCase): boolean => placeOf(one.site) === placeOf(other.site) && one.fault === other.fault;
  return cases.filter((one, index) => cases.findIndex((other) => sameAs(one, other)) === index).slice(0, ENOUGH);
}

/** @returns what was not as it must be, if anything was */
export async function findBroken(stage: Stage, one: SweepCase): Promise<string | undefined> {
  try {
    const { broken } = await playCase(stage, lifecycle(one.lifecycle), one);
    return broken[0];
  } catch (error) {
    return `it cannot be played: ${String(error)}`;
  }
}
