import type { Cluster } from '@aws-sdk/client-cloudhsm-v2';
import {
  CLUSTER_NOT_ACTIVATED,
  CLUSTER_NOT_ACTIVE,
  CLUSTER_NOT_INITIALIZED,
  HSM_CHANGING,
  HSM_DEGRADED,
  TOO_FEW_HSMS,
  TOO_FEW_ZONES,
} from '../../shared/src/messages';
import { say } from '../../shared/src/say';

/** KMS makes a key store only on a cluster with this many active HSMs, in as many Availability Zones (KMS API Reference, CreateCustomKeyStore). */
const NEEDED = 2;

/**
 * Finds what keeps the cluster from having a key store. That it enforces mTLS, which KMS does not speak, no API of CloudHSM shows, and the CLI shows it
 * only after a login: a client without a certificate of its own that can list users proves the contrary, anything else is left to the connection's error code.
 */
export function checkCluster(cluster: Cluster): string[] {
  const { ClusterId = '', State = '', Hsms = [], SubnetMapping = {} } = cluster;
  const active = Hsms.filter((hsm) => hsm.State === 'ACTIVE');
  const zones = new Set(active.map((hsm) => hsm.AvailabilityZone)).size;
  const others = (states: RegExp): string => Hsms.filter((hsm) => states.test(hsm.State ?? '')).map((hsm) => `${hsm.HsmId} is ${hsm.State}`).join(', ');
  const changing = others(/_IN_PROGRESS$/);
  const degraded = others(/^DEGRADED$/);
  const subnetZones = Object.keys(SubnetMapping).length;
  return [
    ...checkState(ClusterId, State),
    ...(active.length < NEEDED || zones < NEEDED ? [say(TOO_FEW_HSMS, { active: active.length, zones })] : []),
    ...(changing ? [say(HSM_CHANGING, { hsms: changing })] : []),
    ...(degraded ? [say(HSM_DEGRADED, { hsms: degraded })] : []),
    ...(subnetZones < NEEDED ? [say(TOO_FEW_ZONES, { zones: subnetZones })] : []),
  ];
}

function checkState(cluster: string, state: string): string[] {
  switch (state) {
    case 'ACTIVE':
      return [];
    case 'UNINITIALIZED':
      return [say(CLUSTER_NOT_INITIALIZED, { cluster })];
    case 'INITIALIZED':
      return [say(CLUSTER_NOT_ACTIVATED, { cluster })];
    default:
      return [say(CLUSTER_NOT_ACTIVE, { cluster, state })];
  }
}
