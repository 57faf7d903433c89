import { runVerify } from '../templates/src/verify-command';

process.exitCode = runVerify(process.argv.slice(2), console.log);
