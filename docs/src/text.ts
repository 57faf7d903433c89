import { FONT_SIZES } from './style';
import type { TextStyle, Words } from './picture';

/** Lines that fit into a box, and the size of the box. */
export interface TextBlock {
  lines: Words[];
  width: number;
  height: number;
}

/** Widths in em by the letter's looks. A reader's font is not known: these are a tenth wider than Helvetica's. */
const WIDTHS: [RegExp, number][] = [
  [/[ijl.,:;'|!()[\] ]/, 0.31],
  [/[frtI/-]/, 0.38],
  [/[mwMW@%]/, 0.92],
  [/[A-Z]/, 0.74],
];
const OTHER = 0.6;
const BOLD = 1.08;

/** The width in pixels that a text takes at most in the fonts that readers have. */
export function textWidth(text: string, style: TextStyle): number {
  const em = Array.from(text).reduce((sum, letter) => sum + (WIDTHS.find(([letters]) => letters.test(letter))?.[1] ?? OTHER), 0);
  return em * FONT_SIZES[style] * (style === 'title' || style === 'name' ? BOLD : 1);
}

/** The height in pixels of a line. */
export function lineHeight(style: TextStyle): number {
  return Math.round(FONT_SIZES[style] * 1.3);
}

/** Breaks texts into lines of at most so many pixels; a name that is longer is broken before a capital. */
export function wrap(words: Words[], widest: number): TextBlock {
  const lines = words.flatMap(({ text, style }) => breakText(text, style, widest).map((line): Words => ({ text: line, style })));
  return {
    lines,
    width: Math.max(0, ...lines.map(({ text, style }) => textWidth(text, style))),
    height: lines.reduce((sum, { style }) => sum + lineHeight(style), 0),
  };
}

function breakText(text: string, style: TextStyle, widest: number): string[] {
  const lines: string[] = [];
  const add = (part: string, space: string): void => {
    const last = lines.at(-1);
    const longer = `${last ?? ''}${space}${part}`;
    if (last !== undefined && textWidth(longer, style) <= widest) lines[lines.length - 1] = longer;
    else lines.push(part);
  };
  for (const word of text.split(' ')) {
    if (textWidth(word, style) <= widest) add(word, ' ');
    else word.split(/(?=[A-Z])/).forEach((part, index) => add(part, index === 0 ? ' ' : ''));
  }
  return lines;
}
