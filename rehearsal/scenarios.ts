import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { Scenario } from './scenario';

const FOLDER = path.join(__dirname, 'scenarios');

/** The names of the scenarios: the files in scenarios/. The happy path comes first. */
export function scenarioNames(): string[] {
  const names = readdirSync(FOLDER).map((file) => path.basename(file, '.ts'));
  return [DEFAULT_SCENARIO, ...names.filter((name) => name !== DEFAULT_SCENARIO).sort()];
}

/** The scenario that is played when none is named. */
export const DEFAULT_SCENARIO = 'create-connect-and-delete';

/** @param name one of `scenarioNames` */
export async function loadScenario(name: string): Promise<Scenario> {
  const { scenario } = (await import(path.join(FOLDER, name))) as { scenario: Scenario };
  return scenario;
}
