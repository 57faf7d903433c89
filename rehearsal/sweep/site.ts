/** Where a fault can strike while an operation runs. Sites are found by recording a run without a fault. */
export type Site =
  | {
      kind: 'call';
      service: string;
      operation: string;
      /** The calling role's name. */
      role: string;
      /** The function or the machine, and the state. */
      where: string;
      /** Counts this role's calls of the operation, from 0. */
      index: number;
      /** The same question was asked a moment before, so that the answer can be out of date. */
      mayBeStale: boolean;
    }
  | {
      kind: 'run';
      /** The function's whole name. */
      functionName: string;
      where: string;
      /** Counts the function's runs, from 0. */
      index: number;
      /** How many requests the run makes. */
      requests: number;
    }
  | {
      kind: 'state';
      /** The machine's whole name. */
      machine: string;
      state: string;
      where: string;
      /** Counts how often it was entered, from 0. */
      index: number;
    }
  | { kind: 'operation' };

/** Which of the visits of one place: with one there is no middle and no last. */
export type Occurrence = 'first' | 'middle' | 'last';

/** The place of a site, whichever visit it is, as ids name it. */
export function placeOf(site: Site): string {
  switch (site.kind) {
    case 'call':
      return `${site.service}:${site.operation}@${site.where}`;
    case 'run':
      return `run@${site.where}`;
    case 'state':
      return `state@${site.where}`;
    case 'operation':
      return 'operation';
  }
}

/** The first, the middle and the last site of each place. */
export function firstMiddleLast(sites: readonly Site[]): { site: Site; occurrence: Occurrence }[] {
  const places = new Map<string, Site[]>();
  for (const site of sites) places.set(placeOf(site), [...(places.get(placeOf(site)) ?? []), site]);
  return [...places.values()].flatMap((visits) => {
    const chosen: [Occurrence, number][] = [['first', 0], ['middle', Math.floor((visits.length - 1) / 2)], ['last', visits.length - 1]];
    return chosen.flatMap(([occurrence, index], number) => {
      const site = visits[index];
      return site && !chosen.slice(0, number).some(([, earlier]) => earlier === index) ? [{ site, occurrence }] : [];
    });
  });
}
