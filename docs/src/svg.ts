import { at, tenth, type Box, type Layout, type Placed, type Point, type Route } from './layout';
import type { LegendEntry, Picture, PictureEdge, PictureNode, Words } from './picture';
import { FONT_SIZES, PAGE_WIDTH, styleSheet } from './style';
import { lineHeight, wrap } from './text';

const MARGIN = 20;
const SAMPLE = 44;

/** Draws a picture as SVG. The same picture and layout give the same bytes. */
export function drawSvg(picture: Picture, layout: Layout): string {
  const width = Math.max(PAGE_WIDTH, Math.ceil(layout.width) + 2 * MARGIN);
  const comment = wrap([{ text: picture.comment, style: 'comment' }], width - 2 * MARGIN);
  const below = MARGIN + lineHeight('title') + 4;
  const top = below + comment.height + MARGIN;
  const legendTop = top + Math.ceil(layout.height) + MARGIN;
  const legend = legendLines(picture.legend, width);
  const height = legendTop + legend.height + MARGIN / 2;
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title desc">`,
    `<title id="title">${escape(picture.title)}</title>`,
    `<desc id="desc">${escape(picture.comment)}</desc>`,
    `<style>\n${styleSheet()}\n</style>`,
    `<rect class="card" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8"/>`,
    text({ x: MARGIN, y: MARGIN }, wrap([{ text: picture.title, style: 'title' }], Infinity).lines, 'start'),
    text({ x: MARGIN, y: below }, comment.lines, 'start'),
    `<g transform="translate(${Math.round((width - layout.width) / 2)} ${top})">`,
    ...picture.groups.map(({ id }) => drawGroup(layout.groups.get(id))),
    ...picture.edges.map((edge, index) => drawEdge(edge, layout.routes[index])),
    ...picture.nodes.map((node) => drawNode(node, layout.nodes.get(node.id))),
    '</g>',
    `<g class="legend" transform="translate(${MARGIN} ${legendTop})">`,
    ...legend.entries,
    '</g>',
    '</svg>',
  ].join('\n')}\n`;
}

function drawGroup(group: { box: Box; text: Placed } | undefined): string {
  return group ? `<g class="group"><rect class="frame" ${rectangle(group.box)} rx="8"/>${placed(group.text)}</g>` : '';
}

function drawEdge({ from, to, kind, mark: sign = '' }: PictureEdge, route: Route | undefined): string {
  if (!route) return '';
  const { path, end, tip, label } = route;
  const words = label ? `<g class="label">${placed(label)}</g>` : '';
  const mark = from === undefined && label ? errorMark({ x: label.at.x - 11, y: label.at.y + label.block.height / 2 }, sign) : '';
  const title = `<title>${escape(`${from ?? `every state marked ${sign}`} → ${to}`)}</title>`;
  return `<g class="edge ${kind}">${title}<path class="line" d="${path}"/><path class="head" d="${head(end, tip)}"/>${words}${mark}</g>`;
}

/** An arrow's head from the end of its line to its tip. */
function head(from: Point, tip: Point): string {
  const length = Math.hypot(tip.x - from.x, tip.y - from.y) || 1;
  const across = { x: ((tip.y - from.y) / length) * 4.5, y: ((from.x - tip.x) / length) * 4.5 };
  const corners = [tip, { x: from.x + across.x, y: from.y + across.y }, { x: from.x - across.x, y: from.y - across.y }];
  return `M${corners.map(at).join('L')}Z`;
}

function drawNode(node: PictureNode, where: { box: Box; text: Placed } | undefined): string {
  if (!where) return '';
  const { box, text: words } = where;
  const title = node.words[0] ? `<title>${escape(node.words[0].text)}</title>` : '';
  const marks = (node.marks ?? []).map((sign, index) => errorMark({ x: box.x + box.width - 3 - 18 * index, y: box.y + 3 }, sign)).join('');
  return `<g class="node ${node.kind}">${title}${shape(node, box)}${placed(words)}${marks}</g>`;
}

function shape({ shape: form }: PictureNode, box: Box): string {
  if (form === 'question') {
    const { x, y, width, height } = box;
    const cut = 10;
    const [right, bottom] = [x + width, y + height];
    const upper = `M${at({ x, y: y + cut })}l${cut} ${-cut}H${tenth(right - cut)}l${cut} ${cut}`;
    const lower = `V${tenth(bottom - cut)}l${-cut} ${cut}H${tenth(x + cut)}l${-cut} ${-cut}Z`;
    return `<path class="shape" d="${upper}${lower}"/>`;
  }
  const radius = form === 'box' ? 4 : Math.min(18, box.height / 2);
  return `<rect class="shape" ${rectangle(box)} rx="${radius}"/>`;
}

function errorMark({ x, y }: Point, sign: string): string {
  const circle = `<circle cx="${tenth(x)}" cy="${tenth(y)}" r="8"/>`;
  return `<g class="mark">${circle}<text class="detail" text-anchor="middle" x="${tenth(x)}" y="${tenth(y + 4.3)}">${sign}</text></g>`;
}

function placed({ block, at: where, anchor }: Placed): string {
  return text(where, block.lines, anchor);
}

/** Lines of text below each other, the first one's upper edge at `y`. */
function text({ x, y }: Point, lines: Words[], anchor: Placed['anchor']): string {
  let top = y;
  return lines
    .map(({ text: line, style }) => {
      const baseline = top + lineHeight(style) / 2 + FONT_SIZES[style] * 0.36;
      top += lineHeight(style);
      return `<text class="${style}"${anchor === 'start' ? '' : ` text-anchor="${anchor}"`} x="${tenth(x)}" y="${tenth(baseline)}">${escape(line)}</text>`;
    })
    .join('');
}

/** The legend's entries beside each other, in as many rows as they need. */
function legendLines(legend: LegendEntry[], width: number): { entries: string[]; height: number } {
  const row = lineHeight('detail') + 6;
  let [x, y] = [0, 0];
  const entries = legend.map(({ sample, mark, text: words }) => {
    const block = wrap([{ text: words, style: 'detail' }], Infinity);
    const indent = sample === 'none' ? 0 : sample === 'mark' ? 24 : SAMPLE;
    if (x > 0 && x + indent + block.width > width - 2 * MARGIN) [x, y] = [0, y + row];
    const middle = y + row / 2;
    const entry = drawSample(sample, { x, y: middle }, mark) + text({ x: x + indent, y: middle - lineHeight('detail') / 2 }, block.lines, 'start');
    x += indent + block.width + 24;
    return entry;
  });
  return { entries, height: y + row };
}

function drawSample(sample: LegendEntry['sample'], { x, y }: Point, mark = ''): string {
  if (sample === 'none') return '';
  if (sample === 'mark') return errorMark({ x: x + 9, y }, mark);
  const tip = { x: x + 36, y };
  return `<g class="${sample}"><path class="line" d="M${at({ x, y })}L${at({ x: x + 27, y })}"/><path class="head" d="${head({ x: x + 27, y }, tip)}"/></g>`;
}

function rectangle({ x, y, width, height }: Box): string {
  return `x="${tenth(x)}" y="${tenth(y)}" width="${tenth(width)}" height="${tenth(height)}"`;
}

function escape(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
