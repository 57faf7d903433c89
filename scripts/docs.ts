import { writePictures } from '../docs/src/write-pictures';

console.log(writePictures().join('\n'));
