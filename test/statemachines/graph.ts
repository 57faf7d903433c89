import type { Catcher, Definition, State, TaskState } from '../../simulator/states/definition';
import { matchesError } from '../../simulator/states/retry';
import { textOf } from '../../simulator/states/paths';

/** A way from one state to another. */
export interface Edge {
  to: string;
  /** The choice rule's place, for a way out of a Choice that is not its Default. */
  rule?: number;
  /** The catcher, for a way that an error takes. */
  catcher?: Catcher;
}

/** Every way out of a state. */
export function edgesOf(state: State): Edge[] {
  switch (state.Type) {
    case 'Choice':
      return [...state.Choices.map((choice, rule) => ({ to: textOf(choice.Next), rule })), ...(state.Default === undefined ? [] : [{ to: state.Default }])];
    case 'Task':
      return [...onward(state), ...(state.Catch ?? []).map((catcher) => ({ to: catcher.Next, catcher }))];
    case 'Pass':
    case 'Wait':
      return onward(state);
    case 'Succeed':
    case 'Fail':
      return [];
  }
}

function onward({ Next }: { Next?: string }): Edge[] {
  return Next === undefined ? [] : [{ to: Next }];
}

/** The names of every state that can be reached, over no state in `without`. */
export function reachable({ States }: Definition, from: readonly string[], without: readonly string[] = []): Set<string> {
  const reached = new Set<string>();
  const visit = (name: string): void => {
    const state = States[name];
    if (!state || reached.has(name) || without.includes(name)) return;
    reached.add(name);
    for (const { to } of edgesOf(state)) visit(to);
  };
  from.forEach(visit);
  return reached;
}

export function tasksOf({ States }: Definition): [string, TaskState][] {
  return Object.entries(States).flatMap(([name, state]): [string, TaskState][] => (state.Type === 'Task' ? [[name, state]] : []));
}

/** What lies outside the subset of Amazon States Language that independent engines agree on. */
export function outsideSubset(definition: Definition): string[] {
  const forbidden = ['QueryLanguage', 'Assign', 'Arguments', 'Output', 'Condition', 'Items'];
  const fields = Object.entries({ 'The machine': definition, ...definition.States }).flatMap(([name, object]) =>
    forbidden.filter((field) => field in object).map((field) => `${name}: ${field} is JSONata's or a variable's`),
  );
  const states = Object.entries(definition.States).flatMap(([name, state]) => {
    if (state.Type === 'Task') return (state.Catch ?? []).filter(({ ResultPath }) => ResultPath === '$').map(() => `${name}: a Catch has an explicit $ as its ResultPath`);
    return state.Type === 'Choice' && /"\$[^"]*\[/.test(JSON.stringify(state.Choices)) ? [`${name}: a Choice path has an index`] : [];
  });
  return [...fields, ...states];
}

export function tasksWithoutTimeout(definition: Definition): string[] {
  return tasksOf(definition).flatMap(([name, { TimeoutSeconds }]) => (TimeoutSeconds === undefined ? [`${name} has no TimeoutSeconds`] : []));
}

/** Errors that may pass by themselves, by the name that the task's integration shows. Source: Step Functions Developer Guide, concepts-error-handling, and the class names of the AWS SDK for Java 2.x. */
export function transientErrors(resource: string): string[] {
  if (resource.endsWith(':states:startExecution.sync:2')) return ['StepFunctions.AWSStepFunctionsException', 'StepFunctions.SdkClientException'];
  const [, service, operation = ''] = /:aws-sdk:(\w+):(\w+)$/.exec(resource) ?? [];
  if (service === undefined) return ['Lambda.ServiceException', 'Lambda.AWSLambdaException', 'Lambda.SdkClientException', 'Lambda.TooManyRequestsException'];
  if (service === 'kms') return ['Kms.KmsInternalException', 'Kms.KmsException', 'Kms.SdkClientException', ...(['listKeys', 'describeKey'].includes(operation) ? ['Kms.DependencyTimeoutException'] : [])];
  if (service === 'ssm') return ['Ssm.InternalServerErrorException', 'Ssm.SsmException', 'Ssm.SdkClientException', ...(operation === 'getCommandInvocation' ? ['Ssm.InvocationDoesNotExistException'] : [])];
  throw new Error(`No transient errors are known of ${resource}`);
}

/** Tasks that would give up at once on an error that may pass, or retry it without a stated end. */
export function gapsInRetry(definition: Definition): string[] {
  return tasksOf(definition).flatMap(([name, { Resource, Retry = [] }]) => [
    ...transientErrors(Resource).flatMap((error) => {
      const retrier = Retry.find(({ ErrorEquals }) => matchesError(ErrorEquals, error));
      return retrier && retrier.MaxAttempts !== 0 ? [] : [`${name} does not retry ${error}`];
    }),
    ...Retry.flatMap(({ ErrorEquals, MaxAttempts }) => (MaxAttempts === undefined ? [`${name} retries ${ErrorEquals.join(', ')} without a stated MaxAttempts`] : [])),
  ]);
}

/** Choices that may match nothing, which ends an execution with an error that no Catch sees. */
export function choicesWithoutDefault({ States }: Definition): string[] {
  return Object.entries(States).flatMap(([name, state]) => (state.Type === 'Choice' && state.Default === undefined ? [`${name} has no Default`] : []));
}

/** Ways to an end that do not pass the state that answers, and tasks that still come after the answer. */
export function unanswered(definition: Definition, answering: string): string[] {
  const { StartAt, States } = definition;
  const answer = tasksOf(definition).find(([, { Resource, Parameters }]) => Resource === answering || JSON.stringify(Parameters ?? null).includes(`"${answering}"`));
  if (!answer) return [`no state invokes ${answering}`];
  const [name, state] = answer;
  const silent = [...reachable(definition, [StartAt], [name])].filter((reached) => isEnd(States[reached]));
  const after = reachable(definition, edgesOf(state).map(({ to }) => to));
  return [...silent.map((end) => `${end} ends without an answer`), ...[...after].filter((reached) => States[reached]?.Type === 'Task').map((task) => `${task} is a task after the answer`)];
}

function isEnd(state: State | undefined): boolean {
  return state !== undefined && edgesOf(state).every(({ catcher }) => catcher !== undefined) && !(state.Type === 'Choice');
}

/** Tasks whose errors would end the execution, apart from the one that answers. */
export function uncaught(definition: Definition, answering: string): string[] {
  return tasksOf(definition).flatMap(([name, { Resource, Catch = [] }]) =>
    Resource === answering || Catch.some(({ ErrorEquals }) => ErrorEquals.includes('States.ALL')) ? [] : [`${name} does not catch States.ALL`],
  );
}

