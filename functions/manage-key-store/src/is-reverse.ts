import type { KeyStoreProperties } from '../../shared/src/request';

/** Whether an update asks for what the last successful request left in force: then it is the reverse of one that failed. */
export function isReverse(wanted: KeyStoreProperties, created: KeyStoreProperties): boolean {
  const names = [...new Set([...Object.keys(wanted), ...Object.keys(created)])] as (keyof KeyStoreProperties)[];
  // A property that came with a newer template was empty before it.
  return names.every((name) => (wanted[name] ?? '') === (created[name] ?? ''));
}
