import type { Fault } from '../../simulator/faults';
import type { World } from '../world';
import type { Occurrence, Site } from './site';

/** A fault that waits for its site. */
export interface Armed {
  /** Takes away what of it is still there. */
  end: () => void | Promise<void>;
  struck: () => boolean;
}

/** A kind of fault that strikes at sites. */
export interface FaultKind {
  /** Ends the ids of its cases. */
  name: string;
  /** In one line, for the table. */
  shows: string;
  /** Whether it can strike there. */
  fits: (site: Site, occurrence: Occurrence) => boolean;
  /** Lets it strike when the operation comes by. */
  arm: (world: World, site: Site) => Armed;
  /** It goes away by itself, so that the operation must end as without it. Default: the promises alone count. */
  passes?: boolean;
  /** Only an operation that asks the client can notice it. Default: false. */
  onClient?: boolean;
  /** Only where there is a stack before the operation. Default: false. */
  onStack?: boolean;
}

const NOWHERE: Armed = { end: () => undefined, struck: () => false };

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
      if (site.kind !== 'call') return NOWHERE;
      const { service, operation, role, index } = site;
      aws.failCalls({ ...fault(site), service, operation, caller: `:assumed-role/${role}/`, skip: index });
      return {
        end: () => {
          aws.faults.length = 0;
        },
        struck: () => aws.calls.some((call) => call.fault !== undefined),
      };
    },
  };
}

/** A crash of a function, after so many of the requests that its run makes; undefined where it cannot strike. */
export function onRuns(kind: Pick<FaultKind, 'name' | 'shows'> & { after: (requests: number) => number | undefined }): FaultKind {
  const { after, ...rest } = kind;
  return {
    ...rest,
    fits: (site) => site.kind === 'run' && after(site.requests) !== undefined,
    arm({ account: { lambda } }, site) {
      if (site.kind !== 'run') return NOWHERE;
      lambda.crashes.push({ functionName: site.functionName, skip: site.index, afterRequests: after(site.requests) ?? 0 });
      return {
        end: () => {
          lambda.crashes.length = 0;
        },
        struck: () => lambda.runs.some(({ error }) => error === 'Runtime.ExitError'),
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
    fits: (site) => site.kind === 'state',
    arm(world, site) {
      const { aws, states } = world.account;
      let index = 0;
      let over = false;
      let struck = false;
      states.onStateEntered(({ arn, machineName }, state) => {
        if (over || site.kind !== 'state' || machineName !== site.machine || state !== site.state || index++ !== site.index) return;
        aws.clock.after(MOMENT, () => {
          struck = true;
          Promise.resolve(happens(world, arn)).catch((error: unknown) => aws.refuse(error, `the fault ${kind.name}`));
        });
      });
      return {
        end: async () => {
          over = true;
          await end(world);
        },
        struck: () => struck,
      };
    },
  };
}

/** Virtual milliseconds from a state's entry: before the call of a task has been answered. */
const MOMENT = 50;

/** What is so during the whole operation. */
export function throughout(kind: Pick<FaultKind, 'name' | 'shows' | 'passes' | 'onStack'> & { begins: (world: World) => Armed }): FaultKind {
  const { begins, ...rest } = kind;
  return { ...rest, fits: (site) => site.kind === 'operation', arm: (world) => begins(world) };
}
