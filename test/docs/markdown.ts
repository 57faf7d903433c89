/** A document's text without its fenced blocks: what a person reads as prose. */
export function prose(text: string): string {
  return text.replace(/^ *```[^]*?^ *```$/gm, '');
}

/** The text of each fenced block. */
export function blocks(text: string): string[] {
  return [...text.matchAll(/^ *```\w*\n([^]*?)^ *```$/gm)].map(([, block = '']) => block);
}

/** The headings outside fenced blocks, as they are written. */
export function headings(text: string): string[] {
  return [...prose(text).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading);
}

/** The anchor that GitHub gives to a heading. */
export function anchor(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}

/**
 * What stands under a heading, up to the next one of its level or a higher one.
 * @param heading as it is written, without its #
 * @throws Error if there is no such heading
 */
export function section(text: string, heading: string): string {
  const lines = text.split('\n');
  const first = lines.findIndex((line) => /^#+ /.test(line) && line.replace(/^#+ /, '') === heading);
  const level = /^#+/.exec(lines[first] ?? '')?.[0].length;
  if (level === undefined) throw new Error(`There is no heading "${heading}"`);
  const rest = lines.slice(first + 1);
  let fenced = false;
  const end = rest.findIndex((line) => {
    if (/^ *```/.test(line)) fenced = !fenced;
    return !fenced && (/^#+(?= )/.exec(line)?.[0].length ?? Infinity) <= level;
  });
  return rest.slice(0, end === -1 ? undefined : end).join('\n');
}

/**
 * The rows of the table that begins with a given first heading, each as its cells.
 * @throws Error if there is no such table
 */
export function table(text: string, firstHeading: string): string[][] {
  const lines = text.split('\n');
  const first = lines.findIndex((line) => line.startsWith(`| ${firstHeading} |`));
  if (first === -1) throw new Error(`There is no table that begins with "${firstHeading}"`);
  const rows = lines.slice(first + 2);
  const end = rows.findIndex((line) => !line.startsWith('|'));
  return rows.slice(0, end === -1 ? undefined : end).map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim()));
}

/** What stands in backticks. */
export function codes(text: string): string[] {
  return [...text.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);
}

/** The targets of the links. */
export function links(text: string): string[] {
  return [...prose(text).replace(/`[^`\n]+`/g, '').matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
}
