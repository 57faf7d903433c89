import { play } from '../../rehearsal/play';
import type { Scenario } from '../../rehearsal/scenario';

const created: Scenario['steps'][number] = { do: 'create', ends: 'CREATE_COMPLETE', keyStore: 'CONNECTED', within: 900 };

/** The failures of a scenario that is wrong in one way. */
async function failuresOf(scenario: Omit<Scenario, 'shows'>): Promise<string[]> {
  return (await play('wrong on purpose', { shows: '', ...scenario })).failures;
}

describe('a scenario that is not played as it says', () => {
  it.each<[string, Partial<Scenario['steps'][number]>, string]>([
    ['the stack ends otherwise', { ends: 'ROLLBACK_COMPLETE' }, 'step 1 (create): the stack ended CREATE_COMPLETE, not ROLLBACK_COMPLETE'],
    ['the key store is in another state', { keyStore: 'FAILED' }, 'step 1 (create): the key store is CONNECTED, not FAILED'],
    ['there is no failure', { reason: 'No luck' }, 'step 1 (create): the reason is "", not "No luck…"'],
    ['the answer is late', { within: 10 }, expect.stringMatching(/^step 1 \(create\): Create was answered after [\d.]+ s, not within 10 s$/) as string],
    ['the key store is asked', { leavesKeyStoreAlone: true }, 'step 1 (create): the custom resource was asked'],
    ['a parameter is refused', { parameters: { pSystem: '9' } }, expect.stringContaining('step 1 (create): the stack ended refused: ') as string],
  ])('fails when %s', async (_what, change, failure) => {
    expect(await failuresOf({ steps: [{ ...created, ...change }], leaves: [/./] })).toContainEqual(failure);
  });

  it('fails when something is left that it does not name', async () => {
    const failures = await failuresOf({ steps: [created], leaves: [/^(key store|user|state machine|function|role|managed policy|rule|document|secret) /] });
    expect(failures.filter((failure) => !failure.startsWith('left over: log group '))).toEqual([]);
    expect(failures).toHaveLength(2);
  });
});
