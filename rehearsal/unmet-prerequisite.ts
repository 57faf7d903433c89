import { failedCreate } from './failed-create';
import type { Scenario, Step } from './scenario';
import type { World } from './world';

/** A prerequisite that is not there. */
interface UnmetPrerequisite extends Pick<Scenario, 'shows' | 'leaves' | 'denies'> {
  keyStore?: Step['keyStore'];
  before: (world: World) => void | Promise<void>;
  parameters?: Record<string, string>;
  /** What the first finding must begin with. */
  finding: string;
  /** Virtual seconds; default 60, which is the bound where an API knows. */
  within?: number;
}

/** A create without a prerequisite: all findings in one reason, and nothing changed. */
export function unmetPrerequisite({ finding, within = 60, ...rest }: UnmetPrerequisite): Scenario {
  return failedCreate({ ...rest, within, changesNothing: true, reason: `Nothing was changed. (1) ${finding}` });
}
