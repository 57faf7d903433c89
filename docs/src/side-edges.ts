import type { Picture, PictureEdge } from './picture';
import { wrap, type TextBlock } from './text';

/** Where lanes run: left of the first column, right of the last, or between the two. */
export type Channel = 'left' | 'middle' | 'right';
/** A side of a box. */
export type Side = 'left' | 'right';

/** An edge that leaves and reaches boxes at their sides. All that go to one place in one channel, and are of one kind, share a lane. */
export interface SideEdge {
  index: number;
  edge: PictureEdge;
  channel: Channel;
  /** The sides at which it leaves and arrives. */
  leaves: Side;
  arrives: Side;
  lane: string;
  label: TextBlock | undefined;
}

/** The edges that run straight down: the main way, and ways to the next row of a box that has no other straight one. */
export function straightEdges({ nodes, edges, groups }: Picture): Set<number> {
  const rows = [0, 1].map((column) => nodes.filter((node) => (node.column ?? 0) === column).map(({ id }) => id));
  const first = (id: string): string => groups.find((group) => group.id === id)?.members[0] ?? id;
  const isNext = (from: string, to: string): boolean => rows.some((row) => row.includes(from) && row[row.indexOf(from) + 1] === first(to));
  const found = new Map<string, number>();
  edges.forEach(({ from, main }, index) => {
    if (main && from !== undefined) found.set(from, index);
  });
  edges.forEach(({ from, to, kind }, index) => {
    if (from !== undefined && kind === 'way' && !found.has(from) && isNext(from, to)) found.set(from, index);
  });
  return new Set(found.values());
}

/**
 * The other edges, and where they run. In one column, what leads ahead runs on the right and what leads back on the left. Of two columns, each keeps to
 * its outer side, and what crosses runs in the middle.
 */
export function sideEdges({ nodes, edges, groups }: Picture, straight: Set<number>, labelWidths: Record<Channel, number>): SideEdge[] {
  const place = (id: string): number => nodes.findIndex((node) => node.id === (groups.find((group) => group.id === id)?.members[0] ?? id));
  const column = (id: string): number => nodes[place(id)]?.column ?? 0;
  const twoColumns = nodes.some((node) => node.column === 1);
  return edges.flatMap((edge, index): SideEdge[] => {
    if (straight.has(index)) return [];
    const { from = edge.to, to, kind } = edge;
    const across = column(to) - column(from);
    const inner = twoColumns ? column(from) === 0 : edge.from !== undefined && place(to) <= place(from);
    const channel = across !== 0 ? 'middle' : inner ? 'left' : 'right';
    const leaves = across > 0 || channel === 'right' ? 'right' : 'left';
    const arrives = across < 0 || channel === 'right' ? 'right' : 'left';
    const label = edge.label === undefined ? undefined : wrap([{ text: edge.label, style: 'detail' }], labelWidths[channel]);
    return [{ index, edge, channel, leaves, arrives, lane: edge.from === undefined ? `${to} from marks` : `${to} ${kind} ${channel}`, label }];
  });
}
