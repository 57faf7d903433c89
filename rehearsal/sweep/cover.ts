import type { SweepCase } from './case';

/** What a case strikes: a call of a role, the state or function in which it strikes, and the kind of fault. */
export function strikes({ fault, site }: SweepCase): string[] {
  const where = site.kind === 'operation' ? [] : [`at ${site.where}`];
  return [...where, ...(site.kind === 'call' ? [`${site.service}:${site.operation} of ${site.role}`] : []), `by ${fault}`];
}

/**
 * Few cases that strike everything that all of them strike: first each that strikes the most new things, then those that are needed for the rest.
 * The order of the cases decides between equals.
 */
export function cover(cases: readonly SweepCase[]): SweepCase[] {
  const struck = new Set<string>();
  const chosen: SweepCase[] = [];
  for (const least of [3, 2, 1]) {
    for (const one of cases) {
      const fresh = strikes(one).filter((thing) => !struck.has(thing));
      if (fresh.length < least) continue;
      for (const thing of fresh) struck.add(thing);
      chosen.push(one);
    }
  }
  return chosen;
}
