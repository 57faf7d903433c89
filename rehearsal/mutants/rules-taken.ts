import { ruleHolds } from '../../simulator/states/choice';
import type { ExecutionRecord, HistoryEvent } from '../../simulator/states/execution-record';
import { fromJson } from '../../simulator/states/paths';
import { matchesError } from '../../simulator/states/retry';
import { STATE_MACHINES } from '../../templates/src/names';
import type { World } from '../world';
import { ruleId, type PlainMachine, type PlainState } from './machine-mutants';
import { grantId } from './template-mutants';

/**
 * The rules that a life has used, by the ids of the mutants that lack them: each Catcher and Retrier that an error met, each Choice rule
 * that held, each action of a policy that an allowed call needed.
 * @param machines the definitions, by name
 */
export function rulesTaken({ account: { aws, cloudFormation, states } }: World, machines: Record<string, PlainMachine>): string[] {
  const grants = aws.iam.grants().filter(({ used }) => used);
  const events = cloudFormation.state.stacks.flatMap((stack) => stack.events);
  // A managed policy is known by its ARN, and goes by its logical id; a role's own policy bears the name of its function or machine.
  const ownName = (policy: string): string => events.find(({ physicalId }) => physicalId.endsWith(`:policy/${policy}`))?.logicalId ?? policy;
  return [
    ...new Set([
      ...grants.map(({ policy, statement, action }) => grantId(ownName(policy), Number(statement) - 1, action)),
      ...Object.values(states.state.executions).flatMap((execution) => takenIn(execution, machines)),
    ]),
  ];
}

function takenIn({ machineName, history }: ExecutionRecord, machines: Record<string, PlainMachine>): string[] {
  const name = STATE_MACHINES.find((machine) => machineName.endsWith(`-${machine}`));
  const machine = name && machines[name];
  if (!name || !machine) return [];
  let current = '';
  return history.flatMap((event, index) => {
    if (event.type.endsWith('StateEntered')) current = String(event.details['name']);
    const state = machine.States[current];
    if (!state) return [];
    if (event.type === 'ChoiceStateEntered') return choiceTaken(name, current, state, event);
    return /(Failed|TimedOut)$/.test(event.type) ? errorTaken(name, current, state, event, history[index + 1]) : [];
  });
}

function choiceTaken(machine: string, name: string, { Choices = [] }: PlainState, { details }: HistoryEvent): string[] {
  const data = fromJson(String(details['input']));
  const index = Choices.findIndex((rule) => ruleHolds(rule, { data, context: {} }));
  return index === -1 ? [] : [ruleId('Choice rule', machine, name, index)];
}

/** A task's error leads to another attempt, or out of the state. */
function errorTaken(machine: string, name: string, state: PlainState, { details }: HistoryEvent, next: HistoryEvent | undefined): string[] {
  const matching = (list: { ErrorEquals: string[] }[] = []): number => list.findIndex(({ ErrorEquals }) => matchesError(ErrorEquals, String(details['error'])));
  if (next?.type.endsWith('Scheduled')) return [ruleId('Retrier', machine, name, matching(state.Retry))];
  return next?.type === 'TaskStateExited' ? [ruleId('Catcher', machine, name, matching(state.Catch))] : [];
}
