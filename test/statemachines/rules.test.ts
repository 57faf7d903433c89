import type { JsonObject } from '../../simulator/aws';
import type { Definition } from '../../simulator/states/definition';
import { parseDefinition } from '../../simulator/states/parse-definition';
import { longest, type Facts } from './bounds';
import { followData, type Shape } from './data-flow';
import { choicesWithoutDefault, gapsInRetry, outsideSubset, tasksWithoutTimeout, unanswered, uncaught } from './graph';

const fn = (name: string): string => `arn:aws:lambda:eu-central-1:111122223333:function:${name}`;
const lambdaErrors = ['Lambda.ServiceException', 'Lambda.AWSLambdaException', 'Lambda.SdkClientException', 'Lambda.TooManyRequestsException'];
const retry = [{ ErrorEquals: lambdaErrors, MaxAttempts: 4 }];

const machine = (States: JsonObject, StartAt = Object.keys(States)[0] ?? ''): Definition => parseDefinition(JSON.stringify({ StartAt, States }));
const task = (more: JsonObject = {}, name = 'work'): JsonObject => ({ Type: 'Task', Resource: fn(name), TimeoutSeconds: 10, Retry: retry, ...more });
const end = { Type: 'Succeed' };

describe('the subset', () => {
  test('an explicit $ as a Catch’s ResultPath is found', () => {
    const bad = machine({ A: task({ Catch: [{ ErrorEquals: ['E'], Next: 'B', ResultPath: '$' }], Next: 'B' }), B: end });
    expect(outsideSubset(bad)).toEqual(['A: a Catch has an explicit $ as its ResultPath']);
  });

  test('an index in a Choice path is found', () => {
    const bad = machine({ A: { Type: 'Choice', Choices: [{ Variable: '$.list[0]', IsNull: true, Next: 'B' }], Default: 'B' }, B: end });
    expect(outsideSubset(bad)).toEqual(['A: a Choice path has an index']);
  });

  test.each(['QueryLanguage', 'Assign', 'Output'])('%s is found', (field) => {
    // The parser of the simulator refuses it too; the rule stands by itself.
    const states: JsonObject = { A: { ...end, [field]: 'x' } };
    expect(outsideSubset({ StartAt: 'A', States: states as unknown as Definition['States'] })).toHaveLength(1);
  });
});

describe('tasks', () => {
  test('one without a time-out is found', () => {
    const { TimeoutSeconds: _none, ...bare } = task({ End: true });
    expect(tasksWithoutTimeout(machine({ A: bare }))).toEqual(['A has no TimeoutSeconds']);
  });

  test.each<[string, JsonObject, string[]]>([
    ['no Retry at all', { Retry: [] }, lambdaErrors.map((error) => `A does not retry ${error}`)],
    ['one error left out', { Retry: [{ ErrorEquals: lambdaErrors.slice(1), MaxAttempts: 1 }] }, ['A does not retry Lambda.ServiceException']],
    ['no attempt', { Retry: [{ ErrorEquals: ['States.ALL'], MaxAttempts: 0 }] }, lambdaErrors.map((error) => `A does not retry ${error}`)],
    ['no stated MaxAttempts', { Retry: [{ ErrorEquals: ['States.ALL'] }] }, ['A retries States.ALL without a stated MaxAttempts']],
    ['the base class of KMS', { Resource: 'arn:aws:states:::aws-sdk:kms:describeKey', Retry: [{ ErrorEquals: ['Kms.KmsInternalException', 'Kms.SdkClientException'], MaxAttempts: 1 }] }, ['A does not retry Kms.KmsException', 'A does not retry Kms.DependencyTimeoutException']],
    ['the missing invocation', { Resource: 'arn:aws:states:::aws-sdk:ssm:getCommandInvocation', Retry: [{ ErrorEquals: ['Ssm.InternalServerErrorException', 'Ssm.SsmException', 'Ssm.SdkClientException'], MaxAttempts: 1 }] }, ['A does not retry Ssm.InvocationDoesNotExistException']],
    ['the base class of Step Functions', { Resource: 'arn:aws:states:::states:startExecution.sync:2', Retry: [{ ErrorEquals: ['StepFunctions.SdkClientException'], MaxAttempts: 1 }] }, ['A does not retry StepFunctions.AWSStepFunctionsException']],
  ])('a Retry with %s is found', (_title, more, found) => {
    expect(gapsInRetry(machine({ A: task({ ...more, End: true }) }))).toEqual(found);
  });

  test('a Retry that covers everything is accepted', () => {
    expect(gapsInRetry(machine({ A: task({ End: true }) }))).toEqual([]);
  });
});

describe('the answer', () => {
  const answer = task({ End: true }, 'answer');
  const all = { ErrorEquals: ['States.ALL'], Next: 'Answer' };

  test('a machine that answers on every way is accepted', () => {
    const good = machine({ A: task({ Catch: [all], Next: 'Answer' }), Answer: answer });
    expect([unanswered(good, fn('answer')), uncaught(good, fn('answer'))]).toEqual([[], []]);
  });

  test('a Choice that leads past it is found', () => {
    const bad = machine({ A: { Type: 'Choice', Choices: [{ Variable: '$.x', IsPresent: true, Next: 'Gone' }], Default: 'Answer' }, Gone: end, Answer: answer });
    expect(unanswered(bad, fn('answer'))).toEqual(['Gone ends without an answer']);
  });

  test('a Catch that leads past it is found', () => {
    const bad = machine({ A: task({ Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Gone' }], Next: 'Answer' }), Gone: { Type: 'Fail' }, Answer: answer });
    expect(unanswered(bad, fn('answer'))).toEqual(['Gone ends without an answer']);
  });

  test('a task that ends the machine before it is found', () => {
    const bad = machine({ A: { Type: 'Choice', Choices: [{ Variable: '$.x', IsPresent: true, Next: 'B' }], Default: 'Answer' }, B: task({ Catch: [all], End: true }), Answer: answer });
    expect(unanswered(bad, fn('answer'))).toEqual(['B ends without an answer']);
  });

  test('a task after it is found', () => {
    const bad = machine({ Answer: { ...task({}, 'answer'), Next: 'B' }, B: task({ End: true }) });
    expect(unanswered(bad, fn('answer'))).toEqual(['B is a task after the answer']);
  });

  test('a machine that never answers is found', () => {
    expect(unanswered(machine({ A: end }), fn('answer'))).toHaveLength(1);
  });

  test('a task that does not catch everything is found', () => {
    const bad = machine({ A: task({ Catch: [{ ErrorEquals: ['States.TaskFailed'], Next: 'Answer' }], Next: 'Answer' }), Answer: answer });
    expect(uncaught(bad, fn('answer'))).toEqual(['A does not catch States.ALL']);
  });

  test('a Choice without a Default is found', () => {
    expect(choicesWithoutDefault(machine({ A: { Type: 'Choice', Choices: [{ Variable: '$.x', IsPresent: true, Next: 'B' }] }, B: end }))).toEqual(['A has no Default']);
  });
});

describe('bounds', () => {
  const loop = (more: { count?: JsonObject; rule?: JsonObject; start?: JsonObject }): Definition =>
    machine({
      Start: { Type: 'Pass', Result: { Count: 0 }, ResultPath: '$.Wait', Next: 'Wait', ...more.start },
      Wait: { Type: 'Wait', Seconds: 5, Next: 'Count' },
      Count: { Type: 'Pass', Parameters: { 'Count.$': 'States.MathAdd($.Wait.Count, 1)' }, ResultPath: '$.Wait', Next: 'Enough?', ...more.count },
      'Enough?': { Type: 'Choice', Choices: [{ Variable: '$.Wait.Count', NumericGreaterThanEquals: 10, ...more.rule, Next: 'Done' }], Default: 'Wait' },
      Done: end,
    });

  test('a counted loop takes its waits as often as it counts', () => {
    const found = longest(loop({}));
    // Start, ten times three states, and the end, with a transition each.
    expect(found).toEqual({ seconds: expect.closeTo(50 + 32 * 0.03, 5) as number, states: 32 });
  });

  test.each<[string, Parameters<typeof loop>[0]]>([
    ['that counts nothing', { count: { Parameters: { 'Count.$': '$.Wait.Count' } } }],
    ['that counts in another place', { count: { ResultPath: '$.Other' } }],
    ['that counts down', { count: { Parameters: { 'Count.$': 'States.MathAdd($.Wait.Count, -1)' } } }],
    ['whose Choice compares something else', { rule: { Variable: '$.Other.Count' } }],
    ['whose limit has the wrong sign', { rule: { NumericGreaterThanEquals: -10, Variable: '$.Nothing' } }],
    ['whose count starts from nothing known', { start: { Result: {} } }],
  ])('a loop %s is found', (_title, more) => {
    expect(longest(loop(more))).toHaveProperty('unbounded');
  });

  test('a loop of a task’s Catch to itself is found', () => {
    expect(longest(machine({ A: task({ Catch: [{ ErrorEquals: ['E'], Next: 'A', ResultPath: '$.Error' }], Next: 'B' }), B: end }))).toEqual({ unbounded: ['A'] });
  });

  test('a task’s answer that the tables do not know starts no count anew', () => {
    const States = {
      Wait: { Type: 'Wait', Seconds: 1, Next: 'Work' },
      Work: task({ ResultPath: '$.Wait', Next: 'Enough?' }),
      'Enough?': { Type: 'Choice', Choices: [{ Variable: '$.Wait.Count', NumericGreaterThan: 3, Next: 'Done' }], Default: 'Wait' },
      Done: end,
    };
    expect(longest(machine(States), { facts: { '$.Wait.Count': 9 } })).toHaveProperty('unbounded');
  });

  test('a way back that a known answer excludes is no loop', () => {
    const step = (name: string) => task({ Parameters: { Do: name }, ResultPath: '$.C' });
    const States = {
      First: { ...step('first'), Next: 'Which?' },
      'Which?': { Type: 'Choice', Choices: [{ Variable: '$.C.Step', StringEquals: 'first', Next: 'Second' }], Default: 'Done' },
      Second: { ...step('second'), Next: 'Which?' },
      Done: end,
    };
    const results = ({ Parameters }: { Parameters?: unknown }): Facts[] => [{ '$.Step': JSON.stringify(Parameters).includes('first') ? 'first' : 'second' }];
    expect(longest(machine(States), { results })).toMatchObject({ states: 5 });
    expect(longest(machine(States))).toHaveProperty('unbounded');
  });

  test('each task’s time-out counts once, and the longest wait of the input', () => {
    const States = { Settle: { Type: 'Wait', SecondsPath: '$.s', Next: 'A' }, A: task({ Next: 'B' }), B: task({ End: true, TimeoutSeconds: 100 }) };
    expect(longest(machine(States), { longestWait: 90 })).toEqual({ seconds: expect.closeTo(90 + 110 + 0.03 + 2 * 0.13, 5) as number, states: 3 });
  });
});

describe('data flow', () => {
  const answers = (): Shape => ({ Out: true, List: [{ Id: true }] });
  const unresolved = (States: JsonObject, input: Shape = { In: true }): string[] => followData(machine(States), input, answers).unresolved;
  const reads = (path: string) => ({ Type: 'Pass', Parameters: { 'x.$': path }, End: true });

  test.each<[string, JsonObject]>([
    ['the input', { A: reads('$.In') }],
    ['the context object', { A: reads('$$.Execution.Name') }],
    ['a result at its ResultPath', { A: task({ ResultPath: '$.R', Next: 'B' }), B: reads('$.R.Out') }],
    ['a selected result', { A: task({ ResultSelector: { 'S.$': '$.List[0]' }, ResultPath: '$.R', Next: 'B' }), B: reads('$.R.S.Id') }],
    ['the input beside a result', { A: task({ ResultPath: '$.R', Next: 'B' }), B: reads('$.In') }],
    ['the error in the state that catches it', { A: task({ Catch: [{ ErrorEquals: ['E'], ResultPath: '$.Error', Next: 'B' }], End: true }), B: reads('$.Error.Cause') }],
    ['an optional field behind IsPresent', { A: { Type: 'Choice', Choices: [{ Variable: '$.Maybe', IsPresent: true, Next: 'B' }], Default: 'C' }, B: reads('$.Maybe'), C: end }],
    ['an optional field after IsPresent in the same And', { A: { Type: 'Choice', Choices: [{ And: [{ Variable: '$.Maybe', IsPresent: true }, { Variable: '$.Maybe', StringEquals: 'x' }], Next: 'B' }], Default: 'B' }, B: end }],
  ])('%s may be read', (_title, states) => {
    expect(unresolved(states)).toEqual([]);
  });

  test.each<[string, JsonObject, string]>([
    ['a field of the input that is not promised', { A: reads('$.Maybe') }, '$.Maybe'],
    ['a part of a value of which nothing is known', { A: reads('$.In.part') }, '$.In.part'],
    ['a context field that does not exist', { A: reads('$$.Task.Token') }, '$$.Task.Token'],
    ['the input after a result without ResultPath', { A: task({ Next: 'B' }), B: reads('$.In') }, '$.In'],
    ['a result that was dropped', { A: task({ ResultPath: null, Next: 'B' }), B: reads('$.Out') }, '$.Out'],
    ['a result on the way of an error', { A: task({ ResultPath: '$.R', Next: 'B', Catch: [{ ErrorEquals: ['E'], ResultPath: '$.Error', Next: 'B' }] }), B: reads('$.R.Out') }, '$.R.Out'],
    ['an error where none may have been', { A: task({ ResultPath: '$.R', Next: 'B', Catch: [{ ErrorEquals: ['E'], ResultPath: '$.Error', Next: 'B' }] }), B: reads('$.Error.Cause') }, '$.Error.Cause'],
    ['a later entry of a list', { A: task({ ResultPath: '$.R', Next: 'B' }), B: reads('$.R.List[1].Id') }, '$.R.List[1].Id'],
    ['a selected field that is not promised', { A: task({ ResultSelector: { 'S.$': '$.Maybe' }, End: true }) }, '$.Maybe'],
    ['an optional field in the Default of its IsPresent', { A: { Type: 'Choice', Choices: [{ Variable: '$.Maybe', IsPresent: true, Next: 'B' }], Default: 'C' }, B: end, C: reads('$.Maybe') }, '$.Maybe'],
    ['an optional field before IsPresent in the same And', { A: { Type: 'Choice', Choices: [{ And: [{ Variable: '$.Maybe', StringEquals: 'x' }, { Variable: '$.Maybe', IsPresent: true }], Next: 'B' }], Default: 'B' }, B: end }, '$.Maybe'],
    ['an optional field beside IsPresent in an Or', { A: { Type: 'Choice', Choices: [{ Or: [{ Variable: '$.Maybe', IsPresent: true }, { Variable: '$.Maybe', StringEquals: 'x' }], Next: 'B' }], Default: 'B' }, B: end }, '$.Maybe'],
    ['a Choice’s variable', { A: { Type: 'Choice', Choices: [{ Not: { Variable: '$.Maybe', BooleanEquals: true }, Next: 'B' }], Default: 'B' }, B: end }, '$.Maybe'],
    ['a Wait’s seconds', { A: { Type: 'Wait', SecondsPath: '$.Maybe', End: true } }, '$.Maybe'],
    ['an OutputPath', { A: { Type: 'Pass', OutputPath: '$.Maybe', End: true } }, '$.Maybe'],
    ['an InputPath', { A: { Type: 'Pass', InputPath: '$.Maybe', End: true } }, '$.Maybe'],
    ['a Fail’s cause', { A: { Type: 'Fail', CausePath: "States.Format('{}', $.Maybe)" } }, '$.Maybe'],
    ['an argument of a nested function', { A: reads('States.Format(\'{}\', States.MathAdd($.Maybe, 1))') }, '$.Maybe'],
  ])('%s is found', (_title, states, path) => {
    expect(unresolved(states)).toEqual([expect.stringContaining(` reads ${path}, `)]);
  });

  test('what is made only in a loop’s later rounds is found', () => {
    const States = {
      Ask: { Type: 'Choice', Choices: [{ Variable: '$.In', StringEquals: 'x', Next: 'Work' }], Default: 'Use' },
      Work: task({ ResultPath: '$.R', Next: 'Ask' }),
      Use: reads('$.R.Out'),
    };
    expect(unresolved(States)).toEqual([expect.stringContaining('Use reads $.R.Out')]);
  });

  test('the output is what every end gives', () => {
    const States = {
      Ask: { Type: 'Choice', Choices: [{ Variable: '$.In', StringEquals: 'x', Next: 'One' }], Default: 'Other' },
      One: { Type: 'Pass', Result: { a: 1, b: 1 }, End: true },
      Other: { Type: 'Pass', Result: { a: 2, c: 2 }, End: true },
    };
    expect(followData(machine(States), { In: true }, answers).output).toEqual({ a: true });
  });
});
