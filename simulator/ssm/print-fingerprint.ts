import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { ProgramResult } from '../cloudhsm/cloudhsm-cli';
import { NotModelled } from '../errors';

/** What was printed for each certificate: reading one takes milliseconds. */
const printed = new Map<string, string>();

/** Does the work of `openssl x509 -in file -noout -fingerprint -sha256`. @throws NotModelled for other arguments */
export function printFingerprint(args: readonly string[]): ProgramResult {
  const [, file] = /^x509\0-in\0([^\0]+)\0-noout\0-fingerprint\0-sha256$/.exec(args.join('\0')) ?? [];
  if (file === undefined) throw new NotModelled(`openssl ${args.join(' ')} with a pool of keys`);
  try {
    const text = readFileSync(file, 'utf8');
    const stdout = printed.get(text) ?? `sha256 Fingerprint=${new X509Certificate(text).fingerprint256}\n`;
    printed.set(text, stdout);
    return { exitCode: 0, stdout, stderr: '' };
  } catch {
    return { exitCode: 1, stdout: '', stderr: 'Could not read certificate\n' };
  }
}
