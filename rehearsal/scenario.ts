import type { World } from './world';

/** Virtual seconds after the start of a step, or what must have come true by then. */
export type Moment = number | ((world: World) => boolean);

/** One thing that a person does with the stack, and how it must end. */
export interface Step {
  do: 'create' | 'update' | 'delete';
  /** Parameters beside the required ones; on an update also beside those of the step before. */
  parameters?: Record<string, string>;
  /** What happens in the world before. */
  before?: (world: World) => void | Promise<void>;
  /** What happens in the world while the step runs, and when. The step is over when this has ended too. */
  during?: { when: Moment; happens: (world: World) => void | Promise<void> };
  /** The status that the stack must end in, e.g. `CREATE_COMPLETE`. */
  ends: string;
  /** What the reason that the user reads must begin with, when the key store's request fails. */
  reason?: string;
  /** The findings that the reason must list, by their first words: all of them, in this order. */
  findings?: string[];
  /** Whether each login of an admin in the step was accepted. Default: not looked at. */
  logins?: boolean[];
  /** The ConnectionState that the key store must be in afterwards, or `none` if there must be no key store. */
  keyStore: 'CONNECTED' | 'CONNECTING' | 'DISCONNECTED' | 'DISCONNECTING' | 'FAILED' | 'none';
  /** The step asks nothing of the key store: it is an error if it does. Default: false. */
  leavesKeyStoreAlone?: boolean;
  /** The step changes no user, key store or login of the world. Default: it may. */
  changesNothing?: boolean;
  /** Virtual seconds within which the last request to the custom resource must have been answered. */
  within: number;
}

/** A stack's life, and what must be true of it. The file's name is the title. */
export interface Scenario {
  /** One sentence for the list. */
  shows: string;
  steps: Step[];
  /** What may be left at the end, as `leftovers` words it. Default: nothing. */
  leaves?: (string | RegExp)[];
  /** Which calls may be denied for good, as `role may not action on resource`. Default: none. */
  denies?: RegExp[];
}
