import type { Box } from './layout';
import type { Picture, PictureGroup, PictureNode } from './picture';
import { movePorts, placePorts, PORT, type Ports } from './ports';
import type { Side, SideEdge } from './side-edges';
import { wrap, type TextBlock } from './text';

/** How wide the boxes of each column are. */
export type BoxWidths = readonly [first: number, second: number];

/** Boxes off the main way stand to the right of its line. */
const ASIDE = 56;
/** Between a box's rim and its text. */
export const PADDING = { x: 14, y: 9 };
/** Between a frame and the boxes in it. */
export const FRAME = { side: 12, top: 20, bottom: 12 };
const GAP = 24;
const DOT = { inset: 21, size: 14 };

/** A box or a frame, its text, and where edges leave and reach it. */
export interface Row {
  box: Box;
  text: TextBlock;
  ports: Record<Side, Ports>;
}

/**
 * Stacks the nodes of each column, and frames the groups. The second column stands as near to what leads there as it can.
 * @param below the height of the label under a node, on the straight line that leaves it
 */
export function placeRows(picture: Picture, sides: SideEdge[], widths: BoxWidths, below: (id: string) => number): Map<string, Row> {
  const rows = new Map<string, Row>();
  for (const column of [0, 1] as const) {
    let y = 0;
    for (const node of picture.nodes.filter((candidate) => (candidate.column ?? 0) === column)) {
      const opened = picture.groups.find(({ members }) => members[0] === node.id);
      if (opened) y += frameTop(opened, sides);
      const row = boxOf(node, sides, widths[column]);
      const top = column === 0 ? y : Math.max(y, wanted(node.id, picture, rows) - row.box.height / 2);
      rows.set(node.id, moved(row, top));
      y = top + row.box.height + GAP + below(node.id);
      const closed = picture.groups.find(({ members }) => members.at(-1) === node.id);
      if (!closed) continue;
      rows.set(closed.id, frameOf(closed, rows, sides));
      y += FRAME.bottom;
    }
  }
  return rows;
}

function boxOf(node: PictureNode, sides: SideEdge[], columnWidth: number): Row {
  const none = { left: placePorts(node.id, 'left', []), right: placePorts(node.id, 'right', []) };
  if (node.shape === 'dot') return { box: { x: DOT.inset, y: 0, width: DOT.size, height: DOT.size }, text: wrap([], 0), ports: none };
  const x = node.aside ? ASIDE : 0;
  const width = columnWidth - x;
  const text = wrap(node.words, width - 2 * PADDING.x);
  const ports = { left: placePorts(node.id, 'left', sides), right: placePorts(node.id, 'right', sides) };
  const height = Math.max(text.height + 2 * PADDING.y, ...Object.values(ports).map((side) => side.height + PORT + 3));
  const middled = (side: Ports): Ports => movePorts(side, Math.max(0, (height - side.height - PORT / 2) / 2));
  return { box: { x, y: 0, width, height }, text, ports: { left: middled(ports.left), right: middled(ports.right) } };
}

function moved({ box, text, ports }: Row, y: number): Row {
  return { box: { ...box, y }, text, ports: { left: movePorts(ports.left, y), right: movePorts(ports.right, y) } };
}

/** The middle of all that leads to a node. */
function wanted(id: string, { edges }: Picture, rows: Map<string, Row>): number {
  const sources = edges.filter(({ to }) => to === id).flatMap(({ from }) => rows.get(from ?? '')?.box ?? []);
  return sources.length === 0 ? 0 : sources.reduce((sum, { y, height }) => sum + y + height / 2, 0) / sources.length;
}

function frameTop({ id }: PictureGroup, sides: SideEdge[]): number {
  const heights = (['left', 'right'] as const).map((side) => placePorts(id, side, sides).height);
  return Math.max(FRAME.top, ...heights.map((height) => height + PORT));
}

function frameOf(group: PictureGroup, rows: Map<string, Row>, sides: SideEdge[]): Row {
  const boxes = group.members.flatMap((member) => rows.get(member)?.box ?? []);
  const y = Math.min(...boxes.map((box) => box.y)) - frameTop(group, sides);
  const x = Math.min(...boxes.map((box) => box.x)) - FRAME.side;
  const right = Math.max(...boxes.map((box) => box.x + box.width)) + FRAME.side;
  const bottom = Math.max(...boxes.map((box) => box.y + box.height)) + FRAME.bottom;
  const ports = { left: movePorts(placePorts(group.id, 'left', sides), y), right: movePorts(placePorts(group.id, 'right', sides), y) };
  return { box: { x, y, width: right - x, height: bottom - y }, text: wrap([{ text: group.label, style: 'comment' }], Infinity), ports };
}
