import type { Ended } from './run-program';

/** What a program printed as JSON. @throws Error with the program's own last words if that is no JSON */
export function readJson({ status, stdout, stderr }: Ended, program: string): unknown {
  try {
    return JSON.parse(stdout);
  } catch (cause) {
    const words = `${stderr}\n${stdout}`.trim().split('\n').slice(0, 3).join(' ');
    throw new Error(`${program} ended with status ${status} and gave no findings: ${words}`, { cause });
  }
}
