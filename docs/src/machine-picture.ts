import type { Definition, State, TaskState } from '../../simulator/states/definition';
import { mainWay } from './main-way';
import type { LegendEntry, Picture, PictureEdge } from './picture';
import { readingOrder } from './reading-order';
import { ruleInWords } from './rule-in-words';
import { errorsInWords, keyOf, sharedCatchers, type Shared } from './shared-catchers';
import { stateNode } from './state-node';
import { waitLoops } from './wait-loops';
import { catchersOf, waysOf } from './ways';

const START = 'start of the machine';

/**
 * What the picture of a state machine shows.
 * @param name the machine's name, as its file has it
 */
export function machinePicture(name: string, definition: Definition): Picture {
  const { StartAt, States, Comment = '' } = definition;
  const main = mainWay(definition);
  const order = readingOrder(definition, main);
  const shared = sharedCatchers(States);
  const states = order.flatMap((id): [string, State][] => (States[id] ? [[id, States[id]]] : []));
  return {
    title: name,
    comment: Comment,
    nodes: [
      { id: START, kind: 'dot', shape: 'dot', words: [] },
      ...states.map(([id, state]) => ({ ...stateNode(id, state), marks: marksOf(id, shared), aside: !main.includes(id) })),
    ],
    edges: [
      { from: START, to: StartAt, kind: 'way', main: true },
      ...states.flatMap(([id, state]) => [...wayEdges(id, state, main, States), ...errorEdges(id, state, shared)]),
      ...shared.map(({ catcher, mark }): PictureEdge => ({ to: catcher.Next, mark, kind: 'error', label: `${errorsInWords(catcher, true)} of a state with this mark` })),
    ],
    groups: waitLoops(States, order),
    legend: legend(definition, shared[0]?.mark),
  };
}

function marksOf(id: string, shared: Shared[]): string[] {
  return shared.filter(({ states }) => states.includes(id)).map(({ mark }) => mark);
}

function wayEdges(from: string, state: State, main: string[], states: Record<string, State>): PictureEdge[] {
  return waysOf(state).map(({ to, rules, otherwise }) => ({
    from,
    to,
    kind: states[to]?.Type === 'Fail' ? 'error' : 'way',
    ...labelled([...rules.map(ruleInWords), ...(otherwise ? ['otherwise'] : [])].join('; or ')),
    main: main.includes(from) && main[main.indexOf(from) + 1] === to,
  }));
}

function errorEdges(from: string, state: State, shared: Shared[]): PictureEdge[] {
  const catchers = catchersOf(state);
  const own = catchers.filter((catcher) => !shared.some(({ key }) => key === keyOf(catcher)));
  return own.map((catcher) => ({ from, to: catcher.Next, kind: 'error', label: errorsInWords(catcher, catchers.length > 1) }));
}

function labelled(label: string): { label?: string } {
  return label === '' ? {} : { label };
}

function legend({ States }: Definition, mark: string | undefined): LegendEntry[] {
  const tasks = Object.values(States).filter((state): state is TaskState => state.Type === 'Task');
  const uncaught = tasks.some(({ Catch = [] }) => !Catch.some(({ ErrorEquals }) => ErrorEquals.includes('States.ALL')));
  return [
    { sample: 'way', text: 'how it goes' },
    { sample: 'error', text: 'when something fails' },
    ...(mark === undefined ? [] : [{ sample: 'mark', mark, text: 'an error here goes the way of this mark' } as const]),
    ...(tasks.some(({ Retry }) => Retry?.length) ? [{ sample: 'none', text: 'Errors that may pass are tried again first.' } as const] : []),
    ...(uncaught ? [{ sample: 'none', text: 'An error without a way of its own ends the machine as FAILED.' } as const] : []),
  ];
}

