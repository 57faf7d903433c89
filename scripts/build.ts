import { emit } from '../templates/src/emit';

console.log(emit());
