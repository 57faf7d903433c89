import { scan } from '../security/src/scan';

void scan(console.log).then((status) => {
  process.exitCode = status;
});
