import type { State } from '../../simulator/states/definition';
import { called } from './called';
import { endsWell } from './main-way';
import type { PictureNode, Words } from './picture';
import { lastPart } from './rule-in-words';

/** How a state stands in a picture: its name, what it does, and its Comment. */
export function stateNode(id: string, state: State): PictureNode {
  const details = whatItDoes(id, state).map((text): Words => ({ text, style: 'detail' }));
  const comment: Words[] = state.Comment === undefined ? [] : [{ text: state.Comment, style: 'comment' }];
  const words: Words[] = [{ text: id, style: 'name' }, ...details, ...comment];
  const kind = endsWell(state) ? 'succeed' : state.Type.toLowerCase();
  return { id, kind, shape: shapeOf(state), words };
}

function shapeOf(state: State): PictureNode['shape'] {
  if (state.Type === 'Choice') return 'question';
  return ['Succeed', 'Fail', 'Wait'].includes(state.Type) || endsWell(state) ? 'pill' : 'box';
}

function whatItDoes(id: string, state: State): string[] {
  switch (state.Type) {
    case 'Task':
      return [called(state), ...(state.Retry?.length ? [] : ['not tried again'])];
    case 'Wait':
      return [state.Seconds === undefined ? `waits ${lastPart(state.SecondsPath ?? '')}` : `waits ${state.Seconds} s`];
    case 'Fail':
      return state.Error === id ? ['ends as FAILED'] : [`ends as FAILED: ${state.Error ?? lastPart(state.ErrorPath ?? '')}`];
    case 'Succeed':
      return ['ends as SUCCEEDED'];
    case 'Pass':
      return endsWell(state) ? ['ends as SUCCEEDED'] : [];
    case 'Choice':
      return [];
  }
}
