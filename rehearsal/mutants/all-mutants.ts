import { readSources } from '../../templates/src/sources';
import { guardMutants } from './guard-mutants';
import { machineMutants } from './machine-mutants';
import type { Mutant } from './mutant';
import { templateMutants } from './template-mutants';

/** Every mutant of the product as its sources are. @throws Error if two have the same id */
export function allMutants(): Mutant[] {
  const sources = readSources('readable');
  const mutants = [...machineMutants(sources), ...templateMutants(sources), ...guardMutants()];
  const twice = mutants.find(({ id }, index) => mutants.findIndex((other) => other.id === id) !== index);
  if (twice) throw new Error(`Two mutants are called ${twice.id}`);
  return mutants;
}
