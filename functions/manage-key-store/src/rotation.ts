import type { Ledger } from '../../shared/src/ledger';
import type { KeyStoreProperties } from '../../shared/src/request';

type Rotation = Pick<KeyStoreProperties, 'KmsUserPasswordRotation'>;

/**
 * Whether kmsuser's password must be changed: its parameter has a new value. The value before the last one asks for nothing, because
 * CloudFormation puts that back when it rolls an update back that had changed the password already.
 */
export function asksForRotation({ KmsUserPasswordRotation: wanted = '' }: Rotation, { created, rotatedFrom }: Pick<Ledger, 'created' | 'rotatedFrom'>): boolean {
  return wanted !== '' && wanted !== (created?.KmsUserPasswordRotation ?? '') && wanted !== rotatedFrom;
}

/** The value before the one that is in force from now on; none after a rollback, so that its value asks again. */
export function rotatedFrom({ KmsUserPasswordRotation: now = '' }: Rotation, ledger: Pick<Ledger, 'created' | 'rotatedFrom'>): string | undefined {
  const before = ledger.created?.KmsUserPasswordRotation ?? '';
  if (now === before) return ledger.rotatedFrom;
  return now === ledger.rotatedFrom ? undefined : before;
}
