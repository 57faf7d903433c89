import type { State } from '../../simulator/states/definition';
import type { PictureGroup } from './picture';
import { waysOf } from './ways';

/** The shortest way round from each Wait back to itself, and what stands between; a wait that is part of an earlier loop makes none of its own. */
export function waitLoops(states: Record<string, State>, order: string[]): PictureGroup[] {
  const taken = new Set<string>();
  return order.flatMap((wait) => {
    const round = states[wait]?.Type === 'Wait' ? roundFrom(wait, states).map((member) => order.indexOf(member)) : [];
    const members = order.slice(Math.min(...round), Math.max(...round) + 1);
    if (round.length === 0 || members.some((member) => taken.has(member))) return [];
    members.forEach((member) => taken.add(member));
    return [{ id: `loop ${wait}`, label: loopLabel(states[wait]), members }];
  });
}

function roundFrom(start: string, states: Record<string, State>): string[] {
  const ways: string[][] = [[start]];
  const seen = new Set<string>();
  for (const way of ways) {
    const state = states[way.at(-1) ?? ''];
    for (const { to } of state ? waysOf(state) : []) {
      if (to === start) return way;
      if (!seen.has(to)) ways.push([...way, to]);
      seen.add(to);
    }
  }
  return [];
}

function loopLabel(wait: State | undefined): string {
  return wait?.Type === 'Wait' && wait.Seconds !== undefined ? `loop, every ${wait.Seconds} s` : 'loop';
}
