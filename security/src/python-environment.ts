import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './root';
import { runProgram, type Ended } from './run-program';
import { ToolMissing } from './tool-missing';

const REQUIREMENTS = path.join(ROOT, 'security/requirements.txt');
const HINT = 'install Python 3.11 or newer, with venv and pip';

/** Where environments are kept: ignored by git, and made anew after `npm ci`. */
export const CACHE = path.join(ROOT, 'node_modules/.cache/security');

/**
 * The `bin` folder of a private Python environment with what requirements.txt names. It is made when it is needed for the first time.
 * @throws ToolMissing if it cannot be made
 */
export function pythonEnvironment(cache: string): string {
  const pins = readFileSync(REQUIREMENTS);
  const folder = path.join(cache, `python-${createHash('sha256').update(pins).digest('hex').slice(0, 12)}`);
  if (!existsSync(folder)) make(folder);
  return path.join(folder, 'bin');
}

/** Made elsewhere and moved into place: what is in place is whole, and two scans at a time do no harm. */
function make(folder: string): void {
  const draft = `${folder}-${process.pid}`;
  mkdirSync(path.dirname(folder), { recursive: true });
  try {
    expectOk(runProgram('python3', ['-m', 'venv', draft], HINT), 'python3 cannot make a virtual environment', HINT);
    // Every package is pinned, and no other may come in.
    const install = ['-m', 'pip', 'install', '--quiet', '--no-deps', '--only-binary', ':all:', '--disable-pip-version-check', '--no-input', '--retries', '1'];
    expectOk(
      runProgram(path.join(draft, 'bin/python'), [...install, '--requirement', REQUIREMENTS], HINT),
      'pip cannot install security/requirements.txt',
      'it needs the network, once',
    );
    if (!existsSync(folder)) renameSync(draft, folder);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

function expectOk({ status, stdout, stderr }: Ended, what: string, hint: string): void {
  const words = `${stdout}\n${stderr}`.trim().split('\n');
  if (status !== 0) throw new ToolMissing(`${what} (${words.filter((line) => /error/i.test(line)).pop() ?? words.pop()}): ${hint}`);
}
