import { FAULT_KINDS } from './fault-kinds';
import type { FaultKind } from './fault-kind';
import type { Lifecycle } from './lifecycle';
import type { Recording } from './stage';
import { firstMiddleLast, placeOf, type Occurrence, type Site } from './site';

/** One fault at one site of one lifecycle. */
export interface SweepCase {
  /** `lifecycle/site#occurrence/fault`. */
  id: string;
  lifecycle: string;
  site: Site;
  fault: string;
}

/** Every case of a lifecycle that was recorded: each site, at its first, middle and last visit, with each fault that can strike there. */
export function casesOf({ like }: Lifecycle, { lifecycle, sites }: Recording): SweepCase[] {
  const asksClient = sites.some((site) => site.kind === 'call' && site.operation === 'SendCommand');
  return firstMiddleLast(sites)
    .filter(({ occurrence }) => like === undefined || occurrence === 'first')
    .flatMap(({ site, occurrence }) =>
      FAULT_KINDS.filter((kind) => kind.fits(site, occurrence) && (asksClient || !kind.onClient)).map(({ name }) => ({
        id: `${lifecycle}/${nameOf(site, occurrence)}/${name}`,
        lifecycle,
        site,
        fault: name,
      })),
    );
}

function nameOf(site: Site, occurrence: Occurrence): string {
  return site.kind === 'operation' ? placeOf(site) : `${placeOf(site)}#${occurrence}`;
}

/** The kind of fault of that name. @throws Error for one that there is not */
export function faultKind(name: string): FaultKind {
  const kind = FAULT_KINDS.find((one) => one.name === name);
  if (!kind) throw new Error(`There is no fault ${name}`);
  return kind;
}
