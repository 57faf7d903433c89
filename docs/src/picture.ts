/** How a line of text is set; `style.ts` gives each its size. */
export type TextStyle = 'title' | 'name' | 'detail' | 'comment';

/** A line of text, or more of them once it is wrapped. */
export interface Words {
  text: string;
  style: TextStyle;
}

/** What stands in a picture: a state, a function, a service. */
export interface PictureNode {
  id: string;
  /** The class in the SVG, from which the colours follow. */
  kind: string;
  shape: 'box' | 'pill' | 'question' | 'dot';
  words: Words[];
  /** The signs of its error marks: what goes wrong here goes where the same sign goes. */
  marks?: string[];
  /** Stands off the main way. */
  aside?: boolean;
  /** 1 for the second column, where what is acted on stands beside what acts. */
  column?: 0 | 1;
}

/** `way` is how it should go, `error` what happens when something fails, `data` what is read or written on the way. */
export type EdgeKind = 'way' | 'error' | 'data';

/** An arrow of a picture; an end is a node, or a group for what holds for all in it. */
export interface PictureEdge {
  /** Undefined for the arrow that comes from all that have its error mark. */
  from?: string;
  /** The sign of that mark. */
  mark?: string;
  to: string;
  kind: EdgeKind;
  label?: string;
  /** On the main way, which is drawn straight. */
  main?: boolean;
}

/** Nodes that belong together, in a frame with a label. */
export interface PictureGroup {
  id: string;
  label: string;
  members: string[];
}

/** An entry of the legend: a sample and what it means. */
export interface LegendEntry {
  sample: EdgeKind | 'mark' | 'none';
  /** The sign of a mark. */
  mark?: string;
  text: string;
}

/** A picture before it is laid out: what is in it, and not where. */
export interface Picture {
  title: string;
  comment: string;
  nodes: PictureNode[];
  edges: PictureEdge[];
  groups: PictureGroup[];
  legend: LegendEntry[];
}
