import type { Fault } from '../../simulator/faults';
import type { World } from '../world';
import type { Occurrence, Site } from './site';

/** Takes a fault away that is still there. */
export type End = () => void | Promise<void>;

/** A kind of fault that strikes at sites. */
export interface FaultKind {
  /** Ends the ids of its cases. */
  name: string;
  /** In one line, for the table. */
  shows: string;
  /** Whether it can strike there. */
  fits: (site: Site, occurrence: Occurrence) => boolean;
  /** Lets it strike when the operation comes by. */
  arm: (world: World, site: Site) => End;
  /** It goes away by itself, so that the operation must end as without it. Default: the promises alone count. */
  passes?: boolean;
  /** It is a person's doing, on the client, an HSM or an execution. Default: false. */
  byHand?: boolean;
  /** Only an operation that asks the client can notice it. Default: false. */
  onClient?: boolean;
}

type CallSite = Site & { kind: 'call' };

interface CallFault extends Pick<FaultKind, 'name' | 'shows' | 'passes'> {
  fits?: (site: CallSite, occurrence: Occurrence) => boolean;
  fault: (site: CallSite) => Omit<Fault, 'service' | 'operation' | 'caller' | 'skip'>;
}

/** A fault on one API call. */
export function onCalls(kind: CallFault): FaultKind {
  const { fits = () => true, fault, ...rest } = kind;
  return {
    ...rest,
    fits: (site, occurrence) => site.kind === 'call' && fits(site, occurrence),
    arm({ account: { aws } }, site) {
      if (site.kind !== 'call') return () => undefined;
      const { service, operation, role, index } = site;
      aws.failCalls({ ...fault(site), service, operation, caller: `:assumed-role/${role}/`, skip: index });
      return () => {
        aws.faults.length = 0;
      };
    },
  };
}

interface StateFault extends Pick<FaultKind, 'name' | 'shows' | 'onClient'> {
  happens: (world: World, executionArn: string) => void | Promise<void>;
  /** What a person puts right afterwards. */
  end?: (world: World) => void | Promise<void>;
}

/** What happens in the world a moment after a state was entered, in the middle of its call if it has one. */
export function onStates(kind: StateFault): FaultKind {
  const { happens, end = () => undefined, ...rest } = kind;
  return {
    ...rest,
    byHand: true,
    fits: (site) => site.kind === 'state',
    arm(world, site) {
      const { aws, states } = world.account;
      let index = 0;
      let over = false;
      states.onStateEntered(({ arn, machineName }, state) => {
        if (over || site.kind !== 'state' || machineName !== site.machine || state !== site.state || index++ !== site.index) return;
        aws.clock.after(MOMENT, () => {
          Promise.resolve(happens(world, arn)).catch((error: unknown) => aws.refuse(error, `the fault ${kind.name}`));
        });
      });
      return async () => {
        over = true;
        await end(world);
      };
    },
  };
}

/** Virtual milliseconds from a state's entry: before the call of a task has been answered. */
const MOMENT = 50;

/** What is so during the whole operation. */
export function throughout(kind: Pick<FaultKind, 'name' | 'shows' | 'passes' | 'byHand'> & { begins: (world: World) => End }): FaultKind {
  const { begins, ...rest } = kind;
  return { ...rest, fits: (site) => site.kind === 'operation', arm: (world) => begins(world) };
}
