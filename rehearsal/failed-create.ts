import type { Scenario, Step } from './scenario';

/** What is particular to a create that fails. */
type FailedCreate = Pick<Scenario, 'shows' | 'leaves' | 'denies'> & Pick<Step, 'parameters' | 'before' | 'during' | 'changesNothing' | 'findings' | 'logins' | 'within'> & {
  reason: string;
  /** Of somebody else's key store, if there is one. Default: there is none. */
  keyStore?: Step['keyStore'];
};

/** A create that fails and rolls back, and the delete of the stack after it. */
export function failedCreate({ shows, leaves = [], denies = [], keyStore = 'none', ...create }: FailedCreate): Scenario {
  return {
    shows,
    leaves,
    denies,
    steps: [
      { do: 'create', ends: 'ROLLBACK_COMPLETE', keyStore, ...create },
      { do: 'delete', ends: 'DELETE_COMPLETE', keyStore, within: 60 },
    ],
  };
}
