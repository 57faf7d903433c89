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

/**
 * Every case of a lifecycle that was recorded: each site, at its first, middle and last visit, with each fault that can strike there.
 * @param model what was recorded of the lifecycle that this one is like: the middle and the last visit of its places are left to it
 */
export function casesOf({ created }: Lifecycle, { lifecycle, sites }: Recording, model?: Recording): SweepCase[] {
  const leftToModel = new Set(model?.sites.map(placeOf));
  const asksClient = sites.some((site) => site.kind === 'call' && site.operation === 'SendCommand');
  return firstMiddleLast(sites)
    .filter(({ site, occurrence }) => occurrence === 'first' || !leftToModel.has(placeOf(site)))
    .flatMap(({ site, occurrence }) =>
      FAULT_KINDS.filter((kind) => kind.fits(site, occurrence) && (asksClient || !kind.onClient) && (created !== undefined || !kind.onStack)).map(({ name }) => ({
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
