import { run } from '../rehearsal/run';

void run(process.argv.slice(2), console.log).then((status) => {
  process.exitCode = status;
});
