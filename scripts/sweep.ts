import { run } from '../rehearsal/sweep/run';

void run(process.argv.slice(2), console.log).then((status) => {
  process.exitCode = status;
});
