import { failedCreate } from './failed-create';
import type { Scenario, Step } from './scenario';

/** A prerequisite that is not there. */
interface UnmetPrerequisite extends Pick<Scenario, 'shows' | 'leaves' | 'denies'>, Pick<Step, 'before' | 'during' | 'parameters'> {
  /** The findings of the answer, by their first words: all of them, in this order. */
  findings: string[];
  /** Of somebody else's key store, if there is one. Default: there is none. */
  keyStore?: Step['keyStore'];
  /** Virtual seconds; default 60, which is the bound where an API knows. */
  within?: number;
}

/** A create without a prerequisite: all findings in one reason, and nothing changed. */
export function unmetPrerequisite({ within = 60, ...rest }: UnmetPrerequisite): Scenario {
  return failedCreate({ ...rest, within, changesNothing: true, reason: 'Nothing was changed. (1) ' });
}
