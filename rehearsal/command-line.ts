import { parseOptions, UsageError } from './parse-options';
import { DEFAULT_SCENARIO, scenarioNames } from './scenarios';

export const USAGE = `Plays the emitted template through a stack's life on a local AWS, in virtual time.

npm start                          the happy path
npm start -- --scenario NAME       one scenario
npm start -- --list                the scenarios
npm start -- --json                one JSON document in place of the text
npm start -- --help                this text

The exit status is 0 if every step ended as the scenario says it must, 1 if not, 2 if an option is wrong
or this machine lacks a program that is run for real.`;

export interface Options {
  action: 'play' | 'list' | 'help';
  scenario: string;
  json: boolean;
}

const OPTIONS = { scenario: { type: 'string' }, list: { type: 'boolean' }, json: { type: 'boolean' }, help: { type: 'boolean' } } as const;

/** @throws UsageError */
export function readOptions(args: string[]): Options {
  const values = parseOptions(args, OPTIONS, 'npm start -- --help');
  const { scenario = DEFAULT_SCENARIO, json = false } = values;
  if (!scenarioNames().includes(scenario)) throw new UsageError(`There is no scenario "${scenario}": see npm start -- --list`);
  return { action: values.help ? 'help' : values.list ? 'list' : 'play', scenario, json };
}
