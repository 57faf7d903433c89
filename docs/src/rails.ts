import { placeLanes, type Spans } from './lanes';
import { at, HEAD, type Box, type Layout, type Placed, type Point, type Route } from './layout';
import type { Picture, PictureEdge } from './picture';
import { FRAME, PADDING, placeRows, type BoxWidths, type Row } from './rows';
import { sideEdges, straightEdges, type Channel, type Side, type SideEdge } from './side-edges';
import { wrap, type TextBlock } from './text';

/** How wide boxes and the labels beside them are, in pixels. */
export interface Widths {
  boxes: BoxWidths;
  labels: Record<Channel, number>;
}

/** From a box's left side to the line that leaves it downwards. */
const RAIL = 28;
const LANE = 13;
const CORNER = 6;
/** Between a box, or the labels beside it, and the nearest lane. */
const CLEAR = 24;
const CHANNELS: Channel[] = ['left', 'middle', 'right'];

/**
 * Lays a picture out in one column or two, in the order of its nodes. What leads to the next box is a straight line down, all else turns off to the side
 * and runs in lanes. So the width does not grow with the boxes, and all that lead to one place meet in one line.
 */
export function layOutRails(picture: Picture, widths: Widths): Layout {
  const straight = straightEdges(picture);
  const sides = sideEdges(picture, straight, widths.labels);
  const labels = new Map([...straight].map((index) => [index, belowLabel(picture.edges[index], widths.boxes[0] - 2 * RAIL)]));
  const below = (id: string): number => Math.max(0, ...[...labels].map(([index, label]) => (picture.edges[index]?.from === id ? (label?.height ?? 0) : 0)));
  const rows = placeRows(picture, sides, widths.boxes, below);
  const lanes = new Map(CHANNELS.map((channel) => [channel, placeLanes(spansOf(sides.filter((edge) => edge.channel === channel), rows))]));

  const frame = picture.groups.length > 0 ? FRAME.side : 0;
  const clear = (channel: Channel): number => Math.max(0, ...sides.filter((edge) => edge.channel === channel).map(({ label }) => (label?.width ?? 0) + CLEAR));
  const room = (channel: Channel): number => Math.max(clear(channel) + LANE * Math.max(0, ...(lanes.get(channel)?.values() ?? [])), frame);
  const twoColumns = picture.nodes.some(({ column }) => column === 1);
  const first = room('left');
  const second = first + widths.boxes[0] + room('middle') + CLEAR;
  const last = twoColumns ? second + widths.boxes[1] : first + widths.boxes[0];
  for (const [id, { box }] of rows) box.x += picture.nodes.some((node) => node.id === id && node.column === 1) ? second : first;

  const laneX = ({ channel, lane }: SideEdge): number => {
    const offset = clear(channel) + (lanes.get(channel)?.get(lane) ?? 0) * LANE;
    return { left: first - offset, middle: first + widths.boxes[0] + offset, right: last + offset }[channel];
  };
  return {
    width: last + room('right'),
    height: Math.max(...[...rows.values()].map(({ box }) => box.y + box.height)),
    nodes: placed(picture.nodes, rows, ({ box, text }) => {
      // In a box that is high because of its many ways out, the text stands at the top.
      const above = Math.min((box.height - text.height) / 2, 2 * PADDING.y);
      return { block: text, at: { x: box.x + PADDING.x, y: box.y + above }, anchor: 'start' };
    }),
    groups: placed(picture.groups, rows, ({ box, text }) => ({ block: text, at: { x: box.x + box.width - 10, y: box.y + 2 }, anchor: 'end' })),
    routes: picture.edges.map((edge, index) => {
      const beside = sides.find((candidate) => candidate.index === index);
      return beside ? sideRoute(beside, rows, laneX(beside), joins(beside, sides, rows)) : straightRoute(edge, rows, labels.get(index));
    }),
  };
}

function placed(things: { id: string }[], rows: Map<string, Row>, text: (row: Row) => Placed): Map<string, { box: Box; text: Placed }> {
  return new Map(things.map(({ id }) => [id, { box: rowOf(rows, id).box, text: text(rowOf(rows, id)) }]));
}

function rowOf(rows: Map<string, Row>, id: string): Row {
  const row = rows.get(id);
  if (!row) throw new Error(`The picture has an arrow to or from ${id}, and nothing by that name`);
  return row;
}

function belowLabel(edge: PictureEdge | undefined, widest: number): TextBlock | undefined {
  return edge?.label === undefined ? undefined : wrap([{ text: edge.label, style: 'detail' }], widest);
}

function spansOf(sides: SideEdge[], rows: Map<string, Row>): Spans {
  const spans = new Map<string, [number, number]>();
  for (const side of sides.filter(({ edge }) => edge.from !== undefined)) {
    const heights = [exitOf(side, rows), entryOf(side, rows), ...(spans.get(side.lane) ?? [])];
    spans.set(side.lane, [Math.min(...heights), Math.max(...heights)]);
  }
  return spans;
}

function exitOf({ index, edge, leaves }: SideEdge, rows: Map<string, Row>): number {
  return rowOf(rows, edge.from ?? edge.to).ports[leaves].exits.get(index) ?? 0;
}

function entryOf({ edge, lane, arrives }: SideEdge, rows: Map<string, Row>): number {
  return rowOf(rows, edge.to).ports[arrives].entries.get(lane) ?? 0;
}

function straightRoute({ from = '', to }: PictureEdge, rows: Map<string, Row>, label: TextBlock | undefined): Route {
  const [tail, head] = [rowOf(rows, from).box, rowOf(rows, to).box];
  const x = tail.width < RAIL ? tail.x + tail.width / 2 : Math.max(tail.x, head.x) + RAIL;
  const start = { x, y: tail.y + tail.height };
  const end = { x, y: head.y - HEAD };
  const words = label && { label: { block: label, at: { x: x + 9, y: start.y + 6 }, anchor: 'start' } as const };
  return { path: `M${at(start)}L${at(end)}`, end, tip: { x, y: head.y }, ...words };
}

/**
 * Whether an edge only leads into its lane, because one that comes from further away draws the rest: two dashed lines on each other would look like a
 * solid one.
 */
function joins(side: SideEdge, sides: SideEdge[], rows: Map<string, Row>): boolean {
  const entry = entryOf(side, rows);
  const own = exitOf(side, rows) - entry;
  const others = sides.filter(({ lane, index }) => lane === side.lane && index !== side.index).map((other) => exitOf(other, rows) - entry);
  return others.some((other) => Math.sign(other) === Math.sign(own) && Math.abs(other) > Math.abs(own));
}

function sideRoute(side: SideEdge, rows: Map<string, Row>, laneX: number, joining: boolean): Route {
  const { edge, leaves, arrives, label } = side;
  const tip = { x: edgeOf(rowOf(rows, edge.to).box, arrives), y: entryOf(side, rows) };
  const end = { x: tip.x + (arrives === 'left' ? -HEAD : HEAD), y: tip.y };
  if (edge.from === undefined) {
    // From all that are marked: a line from nowhere, with the mark before its label.
    const [indent, width] = [26, label?.width ?? 0];
    const start = { x: tip.x + indent + width, y: tip.y };
    const words = label && { label: { block: label, at: { x: tip.x + indent, y: tip.y - label.height - 1 }, anchor: 'start' } as const };
    return { path: `M${at(start)}L${at(end)}`, end, tip, ...words };
  }
  const start = { x: edgeOf(rowOf(rows, edge.from).box, leaves), y: exitOf(side, rows) };
  const labelAt = { x: start.x + (leaves === 'left' ? -9 : 9), y: start.y - (label?.height ?? 0) - 1 };
  const rest = joining ? [{ x: laneX, y: start.y + 2 * CORNER * Math.sign(tip.y - start.y) }] : [{ x: laneX, y: tip.y }, end];
  return {
    path: rounded([start, { x: laneX, y: start.y }, ...rest]),
    end,
    tip,
    ...(label && { label: { block: label, at: labelAt, anchor: leaves === 'left' ? 'end' : 'start' } as const }),
  };
}

function edgeOf({ x, width }: Box, side: Side): number {
  return side === 'left' ? x : x + width;
}

/** A line over corners, each a little round: so a line that turns tells itself from two that cross. */
function rounded(points: Point[]): string {
  const towards = (from: Point, to: Point): Point => {
    const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
    const step = Math.min(CORNER, length / 2);
    return { x: from.x + ((to.x - from.x) / length) * step, y: from.y + ((to.y - from.y) / length) * step };
  };
  return points
    .map((point, index) => {
      const [before, after] = [points[index - 1], points[index + 1]];
      if (!before) return `M${at(point)}`;
      return after ? `L${at(towards(point, before))}Q${at(point)} ${at(towards(point, after))}` : `L${at(point)}`;
    })
    .join('');
}
