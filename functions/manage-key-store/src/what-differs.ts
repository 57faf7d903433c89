import type { CustomKeyStoresListEntry } from '@aws-sdk/client-kms';
import type { Ledger } from '../../shared/src/ledger';
import type { KeyStoreProperties } from '../../shared/src/request';

/**
 * Tells whether the store's name or cluster may be another than wanted. KMS may still show values from before: those that were in force, and those
 * that it was about to be told, count too.
 */
export function whatDiffers(
  { CustomKeyStoreName, CloudHsmClusterId }: CustomKeyStoresListEntry,
  { created, changing }: Ledger,
  wanted: KeyStoreProperties,
): { renamed: boolean; moved: boolean } {
  const differs = (one: string, values: (string | undefined)[]): boolean => values.some((value) => value !== undefined && value !== one);
  return {
    renamed: differs(wanted.KeyStoreName, [CustomKeyStoreName, created?.KeyStoreName, changing?.told?.name]),
    moved: differs(wanted.CloudHsmClusterId, [CloudHsmClusterId, created?.CloudHsmClusterId, changing?.told?.clusterId]),
  };
}
