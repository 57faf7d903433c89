import type { TextBlock } from './text';

/** A point in pixels from the top left corner. */
export interface Point {
  x: number;
  y: number;
}

/** A rectangle by its top left corner and its size. */
export interface Box extends Point {
  width: number;
  height: number;
}

/** Text and where it stands: the middle of its upper edge, or an end of it. */
export interface Placed {
  block: TextBlock;
  at: Point;
  anchor: 'start' | 'middle' | 'end';
}

/** An edge: the line as SVG path data, and the arrow's head from the end of the line to its tip. */
export interface Route {
  path: string;
  end: Point;
  tip: Point;
  label?: Placed;
}

/** Where everything in a picture lies. The routes are in the order of the picture's edges. */
export interface Layout {
  width: number;
  height: number;
  nodes: Map<string, { box: Box; text: Placed }>;
  groups: Map<string, { box: Box; text: Placed }>;
  routes: Route[];
}

/** The length of an arrow's head. */
export const HEAD = 9;

/** A point as SVG path data has it, to a tenth of a pixel. */
export function at({ x, y }: Point): string {
  return `${tenth(x)} ${tenth(y)}`;
}

/** A number of pixels, to a tenth. */
export function tenth(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}
