import type { World } from '../world';
import type { Seen } from './witness';

/** The line of JSON of the script: an outcome and facts, of characters that no shell minds. */
const LINE = /^\{"outcome":"[a-z0-9]+(-[a-z0-9]+)*"(,"[a-zA-Z]+":"[A-Za-z0-9 .,:()_+=/-]*")*\}\n$/;
/** What may be an argument of cloudhsm-cli. */
const ARGUMENT = /^[A-Za-z0-9_-]+$/;
/** The exit code of a script that was killed. */
const KILLED = 137;

/** P12: the client's script ended with a known outcome each time, and handed no shell text on. */
export function checkClient({ account: { ssm } }: World, { commands }: Seen, interfered: boolean): string[] {
  return [
    ...ssm.state.invocations.flatMap(({ parameters, responseCode, stdout, stderr }) => {
      const what = `the command to ${parameters['Action']}`;
      if (responseCode === -1 || responseCode === KILLED || stdout.startsWith('Step execution skipped')) return [];
      return [
        ...(responseCode > 1 ? [`P12: ${what} ended with ${responseCode}`] : []),
        ...(stderr === '' || interfered ? [] : [`P12: ${what} complained: ${stderr}`]),
        ...(LINE.test(stdout) ? [] : [`P12: ${what} printed: ${stdout}`]),
        ...(stdout.includes('"script-failed"') && !interfered ? [`P12: ${what} ended where it must not`] : []),
      ];
    }),
    ...commands
      .filter(({ args }) => !args.every((arg) => arg === '--version' || ARGUMENT.test(arg)))
      .map(({ args }) => `P12: cloudhsm-cli was called as ${JSON.stringify(args)}`),
  ];
}
