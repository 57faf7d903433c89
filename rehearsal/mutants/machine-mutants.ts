import type { JsonObject } from '../../simulator/aws';
import { STATE_MACHINES } from '../../templates/src/names';
import { template, type Sources } from '../../templates/src/template';
import type { Kind, Mutant } from './mutant';

/** A state, as far as its ways out are concerned. */
export interface PlainState {
  Type: string;
  Next?: string;
  Default?: string;
  Choices?: (JsonObject & { Next: string })[];
  Retry?: { ErrorEquals: string[] }[];
  Catch?: { ErrorEquals: string[]; Next: string }[];
  ResultPath?: string;
  Result?: unknown;
}

/** A state machine's definition, as it stands in its file. */
export interface PlainMachine {
  StartAt: string;
  States: Record<string, PlainState>;
}

const FIELDS = { Catcher: 'Catch', Retrier: 'Retry', 'Choice rule': 'Choices' } as const;
type MachineKind = keyof typeof FIELDS & Kind;

/** The name of the rule with that place in a state: the id of the mutant that lacks it. */
export function ruleId(kind: MachineKind, machine: string, state: string, index: number): string {
  return `${kind.toLowerCase().replace(' ', '-')}/${machine}/${state}/${index + 1}`;
}

/** One mutant for each Catcher, each Retrier and each Choice rule of the state machines. */
export function machineMutants(sources: Sources): Mutant[] {
  return STATE_MACHINES.flatMap((name) => {
    const machine = parseMachine(sources.definitions[name]);
    return (Object.keys(FIELDS) as MachineKind[]).flatMap((kind) =>
      Object.entries(machine.States).flatMap(([stateName, state]) =>
        (state[FIELDS[kind]] ?? []).map((rule, index): Mutant => ({
          id: ruleId(kind, name, stateName, index),
          kind,
          lacks: `${kind} ${index + 1} of ${stateName} in ${name} (${describe(rule)})`,
          make: () => {
            const States = { ...machine.States, [stateName]: without(state, kind, index) };
            const definition = JSON.stringify(onlyReached({ ...machine, States }), undefined, 2);
            return {
              files: { [`statemachines/${name}.asl.json`]: definition },
              templateBody: JSON.stringify(template({ ...sources, definitions: { ...sources.definitions, [name]: definition } })),
            };
          },
        })),
      ),
    );
  });
}

/** Reads a definition as it stands in its file. */
export function parseMachine(definition: string): PlainMachine {
  return JSON.parse(definition) as PlainMachine;
}

function without(state: PlainState, kind: MachineKind, index: number): PlainState {
  const { [FIELDS[kind]]: all = [], ...others } = state;
  const left = all.filter((_rule, place) => place !== index);
  if (left.length > 0) return { ...others, [FIELDS[kind]]: left };
  // A Choice has one rule at least (Amazon States Language, Choice State): without any, it always goes the way of its Default.
  return kind === 'Choice rule' ? { Type: 'Pass', Next: state.Default ?? '' } : others;
}

/** Without the states that nothing leads to any more, which Step Functions would refuse: the mutant must be noticed by what it does. */
export function onlyReached(machine: PlainMachine): PlainMachine {
  const reached = new Set<string>();
  const visit = (name: string): void => {
    const state = machine.States[name];
    if (!state || reached.has(name)) return;
    reached.add(name);
    for (const { Next = '' } of [state, ...(state.Choices ?? []), ...(state.Catch ?? [])]) visit(Next);
    visit(state.Default ?? '');
  };
  visit(machine.StartAt);
  return { ...machine, States: Object.fromEntries(Object.entries(machine.States).filter(([name]) => reached.has(name))) };
}

function describe({ Next, ErrorEquals: [first, ...others] = [] }: { Next?: string; ErrorEquals?: string[] }): string {
  const errors = others.length > 0 ? `${first} and ${others.length} more` : first;
  return [errors, Next && `to ${Next}`].filter(Boolean).join(' ');
}
