import { playAll } from './play-all';

describe('the compact template plays as it must', () => {
  playAll('compact');
});
