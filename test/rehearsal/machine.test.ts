import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findMissingPrograms } from '../../rehearsal/machine';

describe('what the rehearsal needs of a machine', () => {
  it('is there where the tests run', () => {
    expect(findMissingPrograms()).toEqual([]);
  });

  it('is named, with what to install, when it is missing', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'programs-'));
    for (const program of ['bash', 'sed', 'timeout', 'flock']) symlinkSync('/bin/sh', path.join(folder, program));
    expect(findMissingPrograms(folder)).toEqual(['This machine has no openssl, which the rehearsal runs for real: install openssl']);
    expect(findMissingPrograms('')).toHaveLength(5);
    rmSync(folder, { recursive: true });
  });
});
