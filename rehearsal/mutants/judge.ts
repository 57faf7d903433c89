import type { KeyPool } from '../../simulator/ssm/key-pool';
import { FILES, type emit } from '../../templates/src/emit';
import { printYaml } from '../../templates/src/print';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { loadScenario } from '../scenarios';
import { Stage } from '../sweep/stage';
import { guardOf } from './guards';
import type { Kind, Made, Mutant } from './mutant';
import { playOn } from './play-mutant';
import { withCopy } from './project-copy';
import { runTests, type Tests } from './run-tests';
import type { SweepCase } from '../sweep/case';
import { findBroken } from './sweep-cases';

/** Who noticed a mutant, and how. */
export interface Notice {
  by: 'scenario' | 'sweep' | 'test';
  /** The scenario's name, the case's id, or the tests' file. */
  name: string;
  finding: string;
}

const MACHINE_TESTS: Tests[] = [{ file: 'test/statemachines' }];

/** The tests that look at a mutant which no scenario has noticed. Grants are for scenarios alone. */
const TESTS: Record<Exclude<Kind, 'guard'>, Tests[]> = {
  Catcher: MACHINE_TESTS,
  Retrier: MACHINE_TESTS,
  'Choice rule': MACHINE_TESTS,
  DependsOn: [
    { file: 'test/rehearsal/adversary.test.ts', titled: 'when the function that CloudFormation calls throws' },
    { file: 'test/templates/template.test.ts', titled: 'are all made before the key store and deleted after it' },
  ],
  grant: [],
};

/** What is played to see whether a mutant is noticed. */
export interface Plays {
  /** The scenarios that use what it lacks, the cheapest first. */
  scenarios: string[];
  cases: SweepCase[];
}

/** What all judgements share: keys, and where cases are played without a mutant. */
export interface Bench {
  keyPool: KeyPool;
  healthy: Stage;
}

/** Looks for somebody who notices a mutant; undefined if it survives. */
export async function judge(mutant: Mutant, plays: Plays, bench: Bench): Promise<Notice | undefined> {
  const made = mutant.make();
  const tests = testsFor(mutant);
  const inPlay = plays.scenarios.length + plays.cases.length > 0 ? await noticedInPlay(made, plays, bench) : undefined;
  return inPlay ?? (tests.length > 0 ? withCopy(made.files, (root) => noticedInTest(made, root, tests)) : undefined);
}

/** The tests that may notice a mutant. */
export function testsFor({ id, kind }: Mutant): Tests[] {
  if (kind !== 'guard') return TESTS[kind];
  const { noticedBy } = guardOf(id);
  return 'file' in noticedBy ? [noticedBy] : [];
}

async function noticedInPlay(made: Made, { scenarios, cases }: Plays, { keyPool, healthy }: Bench): Promise<Notice | undefined> {
  const body = made.templateBody ?? (await withCopy(made.files, emitIn));
  for (const name of scenarios) {
    const [finding] = await playOn(body, name, await loadScenario(name), keyPool);
    if (finding !== undefined) return { by: 'scenario', name, finding };
  }
  const stage = new Stage(body);
  for (const one of cases) {
    const finding = await findBroken(stage, one);
    // A case that is broken without the mutant as well shows nothing.
    if (finding !== undefined && (await findBroken(healthy, one)) === undefined) return { by: 'sweep', name: one.id, finding };
  }
  return undefined;
}

async function noticedInTest({ templateBody }: Made, root: string, tests: Tests[]): Promise<Notice | undefined> {
  if (templateBody === undefined) await emitIn(root);
  else writeFileSync(path.join(root, 'templates', path.basename(FILES.readable)), printYaml(JSON.parse(templateBody) as object, { compact: false }));
  for (const one of tests) {
    const { failed } = await runTests(root, one);
    if (failed !== undefined) return { by: 'test', name: one.file, finding: failed };
  }
  return undefined;
}

/** Has the generator of a copy of the project emit its templates, and returns the readable one. */
async function emitIn(root: string): Promise<string> {
  const generator = (await import(path.join(root, 'templates/src/emit'))) as { emit: typeof emit; FILES: typeof FILES };
  generator.emit();
  return readFileSync(generator.FILES.readable, 'utf8');
}
