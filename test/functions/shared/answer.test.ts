import fc from 'fast-check';
import type { Answer } from '../../../functions/shared/src/answer';
import { request } from '../requests';
import { wireFor } from '../wire';

const wire = wireFor({});
const { StackId, RequestId, LogicalResourceId } = request('Create');

/** PUTs an answer, and gives back its body as CloudFormation received it. */
async function put(answer: Pick<Answer, 'Reason' | 'PhysicalResourceId'>): Promise<string> {
  const { putAnswer } = await import('../../../functions/shared/src/answer');
  wire.script({ 'PUT /answer': [{}] });
  await putAnswer(wire.answerUrl, { Status: 'FAILED', StackId, RequestId, LogicalResourceId, ...answer });
  return wire.calls[0]?.body ?? '';
}

// Every length around the limit, of every kind of character, and a physical id of up to 1 KB (Template Reference, custom resource response objects).
const characters = fc.constantFrom('a', '"', '\\', '\n', '\u0001', 'ü', '鍵', '🔑', '\ud83d', '\udd11');
const reasons = fc
  .tuple(fc.string({ unit: 'binary', maxLength: 50 }), characters, fc.integer({ min: 0, max: 6000 }), fc.string({ unit: 'binary', maxLength: 50 }))
  .map(([start, character, count, end]) => `${start}${character.repeat(count)}${end}`);
const ids = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 1000 });

it('is always JSON of at most 4,096 bytes, with all but the Reason as it was', async () => {
  await fc.assert(
    fc.asyncProperty(reasons, ids, async (Reason, PhysicalResourceId) => {
      const body = await put({ Reason, PhysicalResourceId });
      expect(Buffer.byteLength(body)).toBeLessThanOrEqual(4096);
      expect(JSON.parse(body)).toMatchObject({ Status: 'FAILED', StackId, RequestId, LogicalResourceId, PhysicalResourceId });
    }),
    { numRuns: 200 },
  );
});

it('keeps a Reason that fits, to the last byte', async () => {
  const rest = Buffer.byteLength(await put({ Reason: '', PhysicalResourceId: 'cks-1' }));
  const Reason = 'a'.repeat(4096 - rest);
  expect(JSON.parse(await put({ Reason, PhysicalResourceId: 'cks-1' }))).toMatchObject({ Reason });
  expect(JSON.parse(await put({ Reason: `${Reason}a`, PhysicalResourceId: 'cks-1' }))).toMatchObject({ Reason: `${Reason.slice(0, -3)}...` });
});

it('cuts a long Reason at its end, and never in the middle of a character', async () => {
  for (let length = 0; length < 12; length++) {
    const start = 'a'.repeat(length);
    const { Reason } = JSON.parse(await put({ Reason: `${start}${'🔑'.repeat(3000)}`, PhysicalResourceId: 'cks-1' })) as Answer;
    expect(Reason).toMatch(new RegExp(`^${start}(🔑)+\\.\\.\\.$`, 'u'));
  }
});
