import { emit } from '../templates/src/emit';
import { readOptions, USAGE } from './command-line';
import { findMissingPrograms } from './machine';
import { eventLine, stepLines, summary } from './display';
import { UsageError } from './parse-options';
import { play } from './play';
import { loadScenario, scenarioNames } from './scenarios';

/**
 * Carries out the command line of the rehearsal: emits the template, then plays it.
 * @returns the exit status: 0 all was as it must be, 1 it was not, 2 an option is wrong or the machine lacks a program
 */
export async function run(args: string[], print: (text: string) => void): Promise<number> {
  try {
    const options = readOptions(args);
    if (options.action === 'help') print(USAGE);
    if (options.action === 'list') print(await list());
    if (options.action !== 'play') return 0;
    const missing = findMissingPrograms();
    if (missing.length > 0) throw new UsageError(missing.join('\n'));
    const sizes = emit();
    const scenario = await loadScenario(options.scenario);
    if (options.json) {
      const report = await play(options.scenario, scenario);
      print(JSON.stringify(report, undefined, 2));
      return report.failures.length === 0 ? 0 : 1;
    }
    print(`Emitted templates/cloudhsm-key-store.yml and .min.yml\n${sizes}\n\n${scenario.shows}\n`);
    const report = await play(options.scenario, scenario, {
      listener: { event: (event, time) => print(eventLine(event, time)), step: (step) => print(stepLines(step)) },
    });
    print(summary(report));
    return report.failures.length === 0 ? 0 : 1;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    print(error.message);
    return 2;
  }
}

async function list(): Promise<string> {
  const names = scenarioNames();
  const width = Math.max(...names.map((name) => name.length));
  const lines = await Promise.all(names.map(async (name) => `${name.padEnd(width)}  ${(await loadScenario(name)).shows}`));
  return lines.join('\n');
}
