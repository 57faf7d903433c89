import type { Side, SideEdge } from './side-edges';

/** The distance between two lines that end at one side of a box. */
export const PORT = 13;

/** The heights, from the top, at which edges leave and reach one side of a box: by edge, and by lane. */
export interface Ports {
  exits: Map<number, number>;
  entries: Map<string, number>;
  height: number;
}

/** Places what ends at one side of a box: first the lanes that arrive, then each edge that leaves, below its label. */
export function placePorts(id: string, side: Side, edges: SideEdge[]): Ports {
  const exits = new Map<number, number>();
  const entries = new Map<string, number>();
  let y = 0;
  for (const { lane, edge, label } of edges.filter(({ edge: { to }, arrives }) => to === id && arrives === side)) {
    if (entries.has(lane)) continue;
    y += edge.from === undefined ? (label?.height ?? 0) + 4 : PORT;
    entries.set(lane, y);
  }
  for (const { index, label } of edges.filter(({ edge: { from }, leaves }) => from === id && leaves === side)) {
    y += (label?.height ?? 8) + 6;
    exits.set(index, y);
  }
  return { exits, entries, height: y };
}

/** The same ports, further down. */
export function movePorts({ exits, entries, height }: Ports, by: number): Ports {
  return { exits: new Map([...exits].map(([key, y]) => [key, y + by])), entries: new Map([...entries].map(([key, y]) => [key, y + by])), height };
}
