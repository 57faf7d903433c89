import { findMissingPrograms } from '../machine';
import { UsageError } from '../parse-options';
import { allMutants } from './all-mutants';
import { readOptions, USAGE } from './command-line';
import type { Mutant } from './mutant';
import { prove } from './prove';
import { errorsIn, story, table } from './report';
import { SURVIVORS } from './survivors';

/**
 * Carries out the command line of the mutation proof.
 * @returns the exit status: 0 all is as it must be, 1 it is not, 2 an option is wrong or the machine lacks a program
 */
export async function runMutants(args: string[], print: (text: string) => void): Promise<number> {
  try {
    const { action, mutant: id, workers } = readOptions(args);
    if (action === 'help') print(USAGE);
    if (action === 'help') return 0;
    const all = allMutants();
    if (action === 'list') print(all.map((mutant) => `${mutant.id}  ${mutant.lacks}`).join('\n'));
    if (action === 'list') return 0;
    const chosen = id === undefined ? all : all.filter((mutant) => mutant.id === id);
    if (chosen.length === 0) throw new UsageError(`There is no mutant "${id ?? ''}": see npm run mutants -- --list`);
    const missing = findMissingPrograms();
    if (missing.length > 0) throw new UsageError(missing.join('\n'));
    const unmade = chosen.flatMap(whyNotMade);
    if (unmade.length > 0) {
      print(unmade.join('\n'));
      return 1;
    }
    const { outcomes, unfit } = await prove(chosen, workers);
    const survives = outcomes.some(({ notice }) => !notice);
    const errorsOfOne = survives && SURVIVORS[id ?? ''] === undefined ? [`${id} survives`] : [];
    const errors = [...unfit, ...(id === undefined ? errorsIn(outcomes, SURVIVORS) : errorsOfOne)];
    const found = id === undefined ? [table(outcomes, SURVIVORS)] : outcomes.map((outcome) => story(outcome, SURVIVORS));
    print([...found, ...(errors.length > 0 ? ['', 'As it must not be'] : []), ...errors.map((error) => `  ${error}`)].join('\n'));
    return errors.length === 0 ? 0 : 1;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    print(error.message);
    return 2;
  }
}

/** A guard's text may have changed since it was named. */
function whyNotMade({ make }: Mutant): string[] {
  try {
    make();
    return [];
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}
