import { connecting } from '../by-hand';
import type { Scenario } from '../scenario';
import type { World } from '../world';

export const scenario: Scenario = {
  shows: 'The HSMs degrade while KMS connects: kmsuser can only be taken away when one is back, and the rollback says so',
  steps: [
    {
      do: 'create',
      during: {
        when: connecting,
        happens: (world) => {
          setHsms(world, 'DEGRADED');
        },
      },
      ends: 'ROLLBACK_FAILED',
      reason: 'KMS found no active HSM. Add HSMs',
      keyStore: 'none',
      within: 900,
    },
    { do: 'delete', ends: 'DELETE_FAILED', reason: 'The cluster has too few HSMs: 0 ACTIVE', keyStore: 'none', logins: [], within: 300 },
    {
      do: 'delete',
      before: (world) => {
        setHsms(world, 'ACTIVE');
      },
      ends: 'DELETE_COMPLETE',
      keyStore: 'none',
      within: 120,
    },
  ],
};

function setHsms({ account: { cloudHsm }, clusterId }: World, state: 'ACTIVE' | 'DEGRADED'): void {
  for (const { hsmId } of cloudHsm.cluster(clusterId).hsms) cloudHsm.setHsmState(clusterId, hsmId, state);
}
