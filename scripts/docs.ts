import { writeParameterTable } from '../docs/src/write-parameter-table';
import { writePictures } from '../docs/src/write-pictures';

console.log([writeParameterTable(), ...writePictures()].join('\n'));
