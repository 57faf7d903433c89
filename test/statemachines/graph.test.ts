import validate from 'asl-validator';
import { VISIBLE_AFTER } from '../../functions/manage-key-store/src/our-key-store';
import { SETTLE } from '../../functions/manage-key-store/src/take-over';
import { LAST_ATTEMPT } from '../../functions/shared/src/transient';
import type { Retrier, TaskState } from '../../simulator/states/definition';
import { matchesError, retryDelay } from '../../simulator/states/retry';
import { timings } from '../../simulator/timings';
import { longest, type Facts, type Longest } from './bounds';
import { followData } from './data-flow';
import { choicesWithoutDefault, gapsInRetry, outsideSubset, tasksOf, tasksWithoutTimeout, unanswered, uncaught } from './graph';
import { assumptions, childFacts, childOf, functionArn, inputOf, loadMachine, machineNames, readDefinition, resultOf, topLevel } from './machines';

const answering = functionArn('SendCfnResponse');
/** CloudFormation waits an hour for the answer of a custom resource. */
const deadline = 3_600;

/** What is certain at the start: of a nested machine, what each of its parents gives it. */
function startsOf(name: string): Facts[] {
  if (topLevel.includes(name)) return [assumptions.facts ?? {}];
  return machineNames.flatMap((parent) => tasksOf(loadMachine(parent)).flatMap(([, task]) => (childOf(task) === name ? [childFacts(task)] : [])));
}

const ways = new Map<string, Longest>();

/** The longest way through a machine from a start; looked for once, because it takes seconds. */
function longestWay(name: string, facts: Facts): Longest {
  const key = `${name} ${JSON.stringify(facts)}`;
  const way = ways.get(key) ?? longest(loadMachine(name), { ...assumptions, facts });
  ways.set(key, way);
  return way;
}

test('the five state machines are there', () => {
  expect(machineNames).toEqual(['connect-key-store', 'create-key-store', 'delete-key-store', 'disconnect-key-store', 'update-key-store']);
});

describe.each(machineNames)('%s', (name) => {
  test('is what asl-validator accepts', () => {
    // The validator writes into what it is given.
    const { errors } = validate(JSON.parse(readDefinition(name)) as object, { checkPaths: true, checkArn: true });
    expect(errors.map((error) => JSON.stringify(error))).toEqual([]);
  });

  test('is what Step Functions accepts, within what the simulator models', () => {
    expect(() => loadMachine(name)).not.toThrow();
  });

  test('keeps to the subset of JSONPath machines on which engines agree', () => {
    expect(outsideSubset(loadMachine(name))).toEqual([]);
  });

  test('gives every task a time-out', () => {
    expect(tasksWithoutTimeout(loadMachine(name))).toEqual([]);
  });

  test('retries what may pass by itself, a stated number of times', () => {
    expect(gapsInRetry(loadMachine(name))).toEqual([]);
  });

  test('has a Default in every Choice', () => {
    expect(choicesWithoutDefault(loadMachine(name))).toEqual([]);
  });

  test('bounds every loop', () => {
    for (const facts of startsOf(name)) expect(longestWay(name, facts)).not.toHaveProperty('unbounded');
  });

  test('ends within its own TimeoutSeconds on the longest way', () => {
    const machine = loadMachine(name);
    expect(machine.TimeoutSeconds).toBeLessThan(deadline);
    for (const facts of startsOf(name)) {
      const way = longestWay(name, facts);
      expect('seconds' in way ? way.seconds : Infinity).toBeLessThanOrEqual(machine.TimeoutSeconds ?? 0);
    }
  });

  test('waits longer for a nested execution than that may take', () => {
    for (const [, task] of tasksOf(loadMachine(name))) {
      const child = childOf(task);
      if (child === undefined) continue;
      const way = longestWay(child, childFacts(task));
      expect(task.TimeoutSeconds).toBeGreaterThan('seconds' in way ? way.seconds : Infinity);
    }
  });

  test('reads no path that is missing on some way to the state', () => {
    expect(followData(loadMachine(name), inputOf(name), resultOf).unresolved).toEqual([]);
  });

  if (topLevel.includes(name)) {
    test('answers on every way to an end, last of all', () => {
      expect(unanswered(loadMachine(name), answering)).toEqual([]);
    });

    test('catches every error of every task but the answering one', () => {
      expect(uncaught(loadMachine(name), answering)).toEqual([]);
    });
  }
});

const retriersOf = (name: string, state: string): Retrier[] => (loadMachine(name).States[state] as TaskState).Retry ?? [];

/** How long a retrier waits before all of its attempts together, in milliseconds; with jitter, at least. 0 if there is none. */
function waitOf(retrier?: Retrier): number {
  if (!retrier) return 0;
  return Array.from({ length: retrier.MaxAttempts ?? 0 }, (_, made) => retryDelay(retrier, made + 1, () => 0)).reduce((sum, pause) => sum + pause, 0);
}

test.each([
  ['update-key-store', 'PlanUpdate'],
  ['delete-key-store', 'FindKeyStore'],
])('%s waits in %s for as long as a key store may take to show up, and an update that was taken over from may act', (name, state) => {
  const waits = (error: string): number => waitOf(retriersOf(name, state).find(({ ErrorEquals }) => ErrorEquals.length === 1 && ErrorEquals[0] === error));
  expect(waits('KeyStoreNotYetVisible')).toBeGreaterThan(VISIBLE_AFTER);
  expect(waits('EarlierUpdateMayAct')).toBeGreaterThan(SETTLE);
});

/** How an invocation of a function is refused that is not Active (Lambda Developer Guide, functions-states; Lambda API, Invoke; aws-cdk#20123). */
const NOT_ACTIVE = ['Lambda.CodeArtifactUserPendingException', 'Lambda.ResourceNotReadyException', 'Lambda.ResourceConflictException'];

test.each([
  ['create-key-store', ['InspectClient', 'CheckPrerequisites', 'CreateKeyStore', 'SendCfnResponse']],
  ['update-key-store', ['PlanUpdate', 'InspectClient', 'CheckPrerequisites', 'SendCfnResponse']],
  ['delete-key-store', ['FindKeyStore', 'InspectClient', 'SendCfnResponse']],
])('%s waits where it calls a function first until Lambda has made it Active: nobody may have called it for weeks', (name, states) => {
  const waits = (state: string, error: string): number => waitOf(retriersOf(name, state).find(({ ErrorEquals }) => matchesError(ErrorEquals, error)));
  expect(states.flatMap((state) => NOT_ACTIVE.filter((error) => waits(state, error) <= timings.lambdaActivation).map((error) => `${state}: ${error}`))).toEqual([]);
});

test('a change that KMS refuses until the last attempt is noted as refused', () => {
  expect(loadMachine('update-key-store').States['ChangeKeyStore']).toMatchObject({ Parameters: { 'Attempt.$': '$$.State.RetryCount' } });
  expect(retriersOf('update-key-store', 'ChangeKeyStore').find(({ ErrorEquals }) => ErrorEquals.includes('TransientError'))).toMatchObject({ MaxAttempts: LAST_ATTEMPT });
});

test('the check of prerequisites waits out what may go away until its last attempt, and then tells what it could not look at', () => {
  expect(loadMachine('create-key-store').States['CheckPrerequisites']).toMatchObject({ Parameters: { 'Attempt.$': '$$.State.RetryCount' } });
  expect(retriersOf('create-key-store', 'CheckPrerequisites').find(({ ErrorEquals }) => ErrorEquals.includes('TransientError'))).toMatchObject({ MaxAttempts: LAST_ATTEMPT });
});
