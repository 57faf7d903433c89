import type { Step } from '../scenario';
import type { World } from '../world';

/** One operation of a stack under which faults strike, and what there is before it. */
export interface Lifecycle {
  /** Begins the ids of its cases: small letters, digits and hyphens. */
  name: string;
  /** The parameters beside the required ones with which the stack was created before. Default: there is no stack yet. */
  created?: Record<string, string>;
  /** The operation under test. What happens before it, and meanwhile, is not a fault but part of the lifecycle. */
  step: Pick<Step, 'do' | 'parameters' | 'before'> & { during?: Meanwhile };
  /** The status in which the stack ends without a fault. */
  ends: string;
  /** Faults strike only from the moment when this comes true: what comes before is another lifecycle's. Default: from the beginning. */
  since?: (world: World) => boolean;
  /** Faults strike no more from the moment when this comes true: what follows is as in the lifecycle that this one is like. Default: to the end. */
  until?: (world: World) => boolean;
  /** Of the places that the lifecycle of this name comes by, only the first visit. Default: the middle and the last as well. */
  like?: string;
  /** The key store is gone, FAILED or disconnected before the operation, so that a rollback leaves it so. Default: false. */
  brokenBefore?: boolean;
}

/** What a person does while the operation runs. */
export interface Meanwhile {
  /** Virtual seconds after the start, or the state whose entry it follows. */
  when: number | string;
  happens: (world: World) => void | Promise<void>;
}
