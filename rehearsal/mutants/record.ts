import type { KeyPool } from '../../simulator/ssm/key-pool';
import { STATE_MACHINES } from '../../templates/src/names';
import { render } from '../../templates/src/emit';
import { readSources } from '../../templates/src/sources';
import { loadScenario } from '../scenarios';
import { parseMachine, type PlainMachine } from './machine-mutants';
import { playOn } from './play-mutant';
import { rulesTaken } from './rules-taken';

/** What a scenario uses of the product as it is. */
export interface Recording {
  scenario: string;
  /** How many calls it makes: what it costs to play it. */
  calls: number;
  /** As `rulesTaken` has it. */
  taken: string[];
  /** What was not as it must be, without any mutant: with one of these, the scenario shows nothing. */
  failures: string[];
}

/** Plays a scenario on what the generator emits now, and records what it uses. */
export async function record(scenario: string, keyPool: KeyPool): Promise<Recording> {
  const product = whole();
  const recording = { calls: 0, taken: [] as string[] };
  const failures = await playOn(product.templateBody, scenario, await loadScenario(scenario), keyPool, (world) => {
    recording.calls = world.account.aws.calls.length;
    recording.taken = rulesTaken(world, product.machines);
  });
  return { scenario, ...recording, failures };
}

let known: { templateBody: string; machines: Record<string, PlainMachine> } | undefined;

/** Read once: all scenarios are played on the same. */
function whole(): NonNullable<typeof known> {
  if (known) return known;
  const { definitions } = readSources('readable');
  known = { templateBody: render('readable'), machines: Object.fromEntries(STATE_MACHINES.map((name) => [name, parseMachine(definitions[name])])) };
  return known;
}
