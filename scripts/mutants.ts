import { runMutants } from '../rehearsal/mutants/run';

void runMutants(process.argv.slice(2), console.log).then((status) => {
  process.exitCode = status;
});
