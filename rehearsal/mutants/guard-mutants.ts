import { readFileSync } from 'node:fs';
import path from 'node:path';
import { GUARDS } from './guards';
import type { Mutant } from './mutant';
import { ROOT } from './project-copy';

/** One mutant for each guard that has a name. */
export function guardMutants(): Mutant[] {
  return Object.entries(GUARDS).map(([name, { lacks, file, change }]) => ({
    id: `guard/${name}`,
    kind: 'guard',
    lacks,
    make: () => ({ files: { [file]: changed(name, file, change) } }),
  }));
}

function changed(name: string, file: string, change: (text: string) => string): string {
  try {
    return change(readFileSync(path.join(ROOT, file), 'utf8'));
  } catch (error) {
    throw new Error(`The guard ${name} cannot be taken out of ${file}. ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}
