import { playAll } from './play-all';

describe('the readable template plays as it must', () => {
  playAll('readable');
});
