import { bench } from '../rehearsal/bench';

void bench().then(console.log);
