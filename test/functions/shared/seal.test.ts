import fc from 'fast-check';
import { randomBytes } from 'node:crypto';
import { seal, unseal } from '../../../functions/shared/src/seal';

const KEY = randomBytes(32);
const FOR = { StackId: 'arn:of:the:stack', RequestId: 'request-1' };
const URL_TEXT = 'https://bucket.example/path?X-Amz-Signature=5ca1ab1e';

const texts = fc.string({ unit: 'binary' });

it('opens again what it sealed, whatever the text and the request', () => {
  fc.assert(
    fc.property(texts, texts, texts, (text, StackId, RequestId) => {
      expect(unseal(KEY, seal(KEY, text, { StackId, RequestId }), { StackId, RequestId })).toBe(text);
    }),
  );
});

it('does not open after any one byte was changed', () => {
  const bytes = Buffer.from(seal(KEY, URL_TEXT, FOR), 'base64');
  fc.assert(
    fc.property(fc.integer({ min: 0, max: bytes.length - 1 }), fc.integer({ min: 1, max: 255 }), (index, difference) => {
      const changed = Buffer.from(bytes);
      changed[index] = (changed[index] ?? 0) ^ difference;
      expect(() => unseal(KEY, changed.toString('base64'), FOR)).toThrow();
    }),
  );
});

it.each([
  ['for another request', KEY, { ...FOR, RequestId: 'request-2' }],
  ['for another stack', KEY, { ...FOR, StackId: 'arn:of:another:stack' }],
  ['with another key', randomBytes(32), FOR],
])('does not open %s', (_what, key, boundTo) => {
  const sealed = seal(KEY, URL_TEXT, FOR);
  expect(() => unseal(key, sealed, boundTo)).toThrow();
});

it.each([0, 1, 12, 27, 28, 40])('does not open when it is cut to %i bytes', (length) => {
  const cut = Buffer.from(seal(KEY, URL_TEXT, FOR), 'base64').subarray(0, length).toString('base64');
  expect(() => unseal(KEY, cut, FOR)).toThrow();
});

it('shows nothing of the text, and never looks the same twice', () => {
  const first = seal(KEY, URL_TEXT, FOR);
  expect(first).not.toBe(seal(KEY, URL_TEXT, FOR));
  expect(Buffer.from(first, 'base64').toString('latin1')).not.toContain('Signature');
});
