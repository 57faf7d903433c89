import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as messages from '../../../functions/shared/src/messages';
import { say } from '../../../functions/shared/src/say';

const TEXTS: [string, string][] = Object.entries(messages);

it('each text begins with words of its own, by which a manual can list them', () => {
  const begin = (text: string) => text.split(/[:.,{(]/)[0] ?? '';
  const beginnings = TEXTS.map(([, text]) => begin(text));
  expect(beginnings.filter((words, index) => words === '' || beginnings.indexOf(words) !== index)).toEqual([]);
});

it.each(TEXTS)('%s is one line of plain text that nothing needs to escape, and leaves its last full stop to who says it', (name, text) => {
  expect(text).toMatch(/^[A-Za-z][ -~]*$/);
  if (name !== 'NOTHING_CHANGED') expect(text).not.toMatch(/\.$|\s$/);
});

it('what stands before the words of AWS is not filled, so it has no slot', () => {
  const reasons = readFileSync(path.join(__dirname, '../../../functions/send-cfn-response/src/reasons.ts'), 'utf8');
  const unfilled = [...reasons.matchAll(/(?:: |, |return |\?\? )messages\.(\w+)[,;\]]/g)].map(([, name = '']) => name);
  expect(unfilled.length).toBeGreaterThan(25);
  expect(TEXTS.filter(([name, text]) => unfilled.includes(name) && /[{}]/.test(text))).toEqual([]);
});

it('a slot is filled wherever it stands, and what fills it is left as it is', () => {
  expect(say('{a} and {b}, {a}', { a: '{b} $& $1', b: 2 })).toBe('{b} $& $1 and 2, {b} $& $1');
});
