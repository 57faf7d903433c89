import { countActive, readCluster } from '../../shared/src/client-cluster';
import type { ClientResult } from '../../shared/src/client-result';
import { environment } from '../../shared/src/environment';
import { KMSUSER_UNSEEN } from '../../shared/src/messages';
import { Refused } from '../../shared/src/refused';
import { say } from '../../shared/src/say';
import type { Clients } from './step';

/**
 * Makes sure that a kmsuser which the client does not show is on no HSM that did not answer it.
 * @throws Refused if an HSM is ACTIVE and did not answer
 */
export async function checkAllSeen({ cloudHsm }: Clients, clusterId: string, { hsms = '0' }: ClientResult): Promise<void> {
  const cluster = await readCluster(cloudHsm, clusterId);
  const active = cluster ? countActive(cluster) : 0;
  if (Number(hsms) < active) throw new Refused(say(KMSUSER_UNSEEN, { answering: hsms, active, instance: environment('INSTANCE') }));
}
