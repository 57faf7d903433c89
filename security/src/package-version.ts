import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './root';

/** The version of an npm package as it is installed. */
export function packageVersion(name: string): string {
  const file = path.join(ROOT, 'node_modules', name, 'package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
