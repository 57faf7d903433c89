import { existsSync } from 'node:fs';
import path from 'node:path';

/** What the rehearsal runs for real, and the package that has it. */
const PROGRAMS = { bash: 'bash', openssl: 'openssl', flock: 'util-linux', timeout: 'coreutils', sed: 'sed' };

/** Names each program that the rehearsal needs and this machine lacks, with what to install; none is the good answer. */
export function findMissingPrograms(searchPath = process.env['PATH'] ?? ''): string[] {
  const folders = searchPath.split(path.delimiter).filter((folder) => folder !== '');
  return Object.entries(PROGRAMS)
    .filter(([program]) => !folders.some((folder) => existsSync(path.join(folder, program))))
    .map(([program, owner]) => `This machine has no ${program}, which the rehearsal runs for real: install ${owner}`);
}
