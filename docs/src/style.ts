import type { TextStyle } from './picture';

/** Sizes of text in pixels. */
export const FONT_SIZES: Record<TextStyle, number> = { title: 20, name: 14, detail: 12, comment: 12 };

/** The widest that a picture may be: the column in which GitHub shows a Markdown file is at least so wide on a desktop. */
export const PAGE_WIDTH = 830;

/** A colour for a light page and one for a dark page. */
type Colours = readonly [light: string, dark: string];

/** Each pair has a contrast of 4.5 or more where it is text on what lies under it (WCAG 2.2, 1.4.3). */
const COLOURS = {
  card: ['#ffffff', '#161b22'],
  rim: ['#d0d7de', '#3d444d'],
  ink: ['#1f2328', '#e6edf3'],
  quiet: ['#57606a', '#a5b0bc'],
  line: ['#3d4650', '#c3ccd6'],
  error: ['#c01c28', '#ff8b85'],
  group: ['#f3f5f8', '#1f2630'],
  task: ['#ddf0ff', '#12345a'],
  question: ['#fff3c4', '#4a3b08'],
  calm: ['#eceff2', '#2d343d'],
  good: ['#d8f5de', '#0f4122'],
  bad: ['#ffe0de', '#5a1a1c'],
  secret: ['#efe5ff', '#3b2a63'],
  outside: ['#ffffff', '#0d1117'],
} satisfies Record<string, Colours>;
type ColourName = keyof typeof COLOURS;

/** What fills each kind of node. */
const FILLS: Record<string, ColourName> = {
  task: 'task',
  machine: 'task',
  function: 'good',
  choice: 'question',
  wait: 'calm',
  pass: 'calm',
  succeed: 'good',
  fail: 'bad',
  errors: 'bad',
  net: 'bad',
  secret: 'secret',
  outside: 'outside',
  document: 'calm',
};

/** The style sheet that every picture carries. Each colour is written out, because not every viewer knows CSS variables. */
export function styleSheet(): string {
  const sizes = Object.entries(FONT_SIZES).map(([style, size]) => `.${style}{font-size:${size}px}`);
  return [
    'text{font-family:-apple-system,BlinkMacSystemFont,"Segoe UI","Noto Sans",Helvetica,Arial,sans-serif}',
    ...sizes,
    '.title,.name,.mark>text{font-weight:600}',
    '.shape{stroke-width:1.2}',
    '.line{fill:none;stroke-width:2}',
    '.data>.line{stroke-width:1.4;stroke-dasharray:2 3}',
    '.error>.line{stroke-width:1.6;stroke-dasharray:6 4}',
    '.frame{stroke-dasharray:2 3}',
    ...colours(0),
    `@media (prefers-color-scheme:dark){\n${colours(1).join('\n')}\n}`,
  ].join('\n');
}

function colours(which: 0 | 1): string[] {
  const [card, rim, ink, quiet] = [COLOURS.card[which], COLOURS.rim[which], COLOURS.ink[which], COLOURS.quiet[which]];
  const [line, error, group] = [COLOURS.line[which], COLOURS.error[which], COLOURS.group[which]];
  return [
    `text{fill:${ink}}`,
    `.comment{fill:${quiet}}`,
    `.card{fill:${card};stroke:${rim}}`,
    `.frame{fill:${group};stroke:${rim}}`,
    `.shape,.line{stroke:${line}}`,
    `.head,.dot>.shape{fill:${line}}`,
    `.error>.line{stroke:${error}}`,
    `.error>.head,.mark>circle,.error>.label>text{fill:${error}}`,
    `.mark>text{fill:${card}}`,
    ...Object.entries(FILLS).map(([kind, colour]) => `.${kind}>.shape{fill:${COLOURS[colour][which]}}`),
  ];
}
