import { readFileSync } from 'node:fs';
import { verify } from './verify';

/**
 * Carries out the command line of `npm run verify -- FILE`.
 * @returns the exit status: 0 the file is one that this source emits, 1 it is not, 2 it cannot be read, or none is named
 */
export function runVerify(args: string[], print: (text: string) => void): number {
  const [file, ...more] = args;
  if (file === undefined || more.length > 0) {
    print('Name one file: npm run verify -- FILE');
    return 2;
  }
  let given: string;
  try {
    given = readFileSync(file, 'utf8');
  } catch (error) {
    print(`${file} cannot be read: ${String(error)}`);
    return 2;
  }
  const { emitted, text } = verify(file, given);
  print(text);
  return emitted ? 0 : 1;
}
