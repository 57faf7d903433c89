import { readdirSync } from 'node:fs';
import path from 'node:path';
import { pictures } from '../../docs/src/pictures';
import { ruleInWords } from '../../docs/src/rule-in-words';
import type { Definition } from '../../simulator/states/definition';
import { FUNCTIONS, STATE_MACHINES } from '../../templates/src/names';
import { readSources } from '../../templates/src/sources';
import type { Sources } from '../../templates/src/template';
import { edgesOf } from '../statemachines/graph';
import { read, ROOT, templateSection } from './product';

const FOLDER = 'docs/pictures';
const WHOLE = 'cloudhsm-key-store.svg';
/** The column in which GitHub shows a Markdown file, in pixels, on a desktop; and the smallest text that is read there with ease. */
const [PAGE, SMALLEST] = [838, 11];

const sources = readSources('readable');
const drawn = pictures(sources);
const definitionOf = (machine: (typeof STATE_MACHINES)[number], from: Sources = sources): Definition => JSON.parse(from.definitions[machine]) as Definition;

const svgOf = (file: string, from = drawn): string => from[file] ?? '';
const all = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map(([, found = '']) => found);
/** What a reader who rests the pointer on a box is shown. */
const nodesOf = (svg: string): string[] => all(svg, /<g class="node [^"]*"><title>([^<]*)<\/title>/g);
/** The signs of a node's error marks. Each node is a line of its own. */
const marksOf = (svg: string, node: string): string[] => {
  const line = svg.split('\n').find((one) => one.startsWith('<g class="node ') && one.includes(`<title>${node}</title>`)) ?? '';
  return all(line, /<g class="mark">.*?<text[^>]*>(.)<\/text>/g);
};
const linesOf = (svg: string, kind: string): string[] => all(svg, new RegExp(`<g class="edge ${kind}"><title>([^<]*)</title>`, 'g'));
/** What stands at the line from one state to another. */
const labelsOf = (svg: string, line: string): string[] =>
  all(svg, new RegExp(`^<g class="edge \\w+"><title>${line.replace(/[?]/g, '\\?')}</title>(.*)</g>$`, 'gm')).map(textsOf);
const textsOf = (svg: string): string => all(svg, /<text[^>]*>([^<]*)<\/text>/g).join(' ');

test('the pictures are what the sources give, and there is no other', () => {
  expect(readdirSync(path.join(ROOT, FOLDER)).sort()).toEqual(Object.keys(drawn).sort());
  for (const [file, svg] of Object.entries(drawn)) expect({ file, same: read(`${FOLDER}/${file}`) === svg }).toEqual({ file, same: true });
});

test('the same sources give the same bytes', () => {
  expect(pictures(sources)).toEqual(drawn);
});

describe.each(STATE_MACHINES)('the picture of %s', (machine) => {
  const svg = svgOf(`${machine}.svg`);
  const { Comment = '', States } = definitionOf(machine);
  const edges = Object.entries(States).flatMap(([from, state]) => edgesOf(state).map((edge) => ({ from, ...edge, line: `${from} → ${edge.to}` })));

  it('shows every state, and no other', () => {
    expect(nodesOf(svg).sort()).toEqual(Object.keys(States).sort());
  });

  it('has the machine’s name and Comment', () => {
    expect(svg).toContain(`<title id="title">${machine}</title>`);
    expect(textsOf(svg)).toContain(Comment);
  });

  it('shows every way that no error takes', () => {
    const ways = edges.filter(({ to, catcher }) => !catcher && States[to]?.Type !== 'Fail').map(({ line }) => line);
    expect(linesOf(svg, 'way').filter((line) => !line.startsWith('start of'))).toEqual(expect.arrayContaining(ways));
    expect(ways).toEqual(expect.arrayContaining(linesOf(svg, 'way').filter((line) => !line.startsWith('start of'))));
  });

  it('shows every error’s way in a class of its own, or by a mark on its state', () => {
    const errors = linesOf(svg, 'error');
    const caught = edges.filter(({ catcher }) => catcher);
    const told = caught.filter(({ from, to, line }) => errors.includes(line) || marksOf(svg, from).some((mark) => errors.includes(`every state marked ${mark} → ${to}`)));
    expect(told).toEqual(caught);
  });

  it('has a dashed line for an error, and none for the way as it should go', () => {
    const [style = ''] = all(svg, /<style>([^]*?)<\/style>/g);
    expect(style).toMatch(/\.error>\.line\{[^}]*stroke-dasharray/);
    expect(style).not.toMatch(/(\.way>\.line|^\.line)\{[^}]*stroke-dasharray/m);
  });

  it('says at each way out of a question when it is taken', () => {
    for (const [from, state] of Object.entries(States)) {
      if (state.Type !== 'Choice') continue;
      for (const rule of state.Choices) {
        // Rules that lead to the same state share one line, with the words of each.
        const label = labelsOf(svg, `${from} → ${String(rule.Next)}`).join(' ').split(/[\s;,()]+/);
        expect({ from, label }).toEqual({ from, label: expect.arrayContaining(ruleInWords(rule).split(/[\s;,()]+/).filter((word) => word !== '')) as string[] });
      }
      if (state.Default !== undefined) expect(labelsOf(svg, `${from} → ${state.Default}`).join(' ')).toContain('otherwise');
    }
  });
});

describe('the picture of the whole', () => {
  const svg = svgOf(WHOLE);

  it('shows every function and every state machine', () => {
    expect(nodesOf(svg)).toEqual(expect.arrayContaining([...FUNCTIONS, ...STATE_MACHINES]));
  });

  it.each([
    ['secret', 'AWS::SecretsManager::Secret', 2],
    ['document', 'AWS::SSM::Document', 0],
    ['net', 'AWS::Events::Rule', 0],
  ])('shows as a %s each %s, and what the user gives of that kind', (kind, type, given) => {
    const made = Object.values(templateSection('Resources')).filter(({ Type }) => Type === type);
    expect(all(svg, new RegExp(`<g class="node (${kind})">`, 'g'))).toHaveLength(made.length + given);
  });

  it('shows what the user has already, and the services that act', () => {
    const given = ['client instance', 'CloudHSM cluster', 'admin’s password', 'customer CA certificate'];
    expect(nodesOf(svg)).toEqual(expect.arrayContaining(['CloudFormation', 'KMS', ...given]));
  });

  it('leads from a request to its answer', () => {
    const ways = linesOf(svg, 'way').map((line) => line.split(' → '));
    const reached = new Set(['CloudFormation']);
    // As often as there are arrows: then nothing more can be reached.
    ways.forEach(() => {
      for (const [from = '', to = ''] of ways) if (reached.has(from)) reached.add(to);
    });
    expect([...reached]).toEqual(expect.arrayContaining(['rLambdaCustomResource', 'requests', 'rLambdaSendCfnResponse']));
    expect(linesOf(svg, 'way')).toContain('rLambdaSendCfnResponse → CloudFormation');
  });

  it('shows the safety net in the class of errors', () => {
    const net = ['requests → rRuleUnanswered', 'rRuleUnanswered → rLambdaSendCfnResponse', 'rLambdaCustomResource → rLambdaSendCfnResponse'];
    expect(linesOf(svg, 'error')).toEqual(expect.arrayContaining(net));
  });
});

describe.each(Object.entries(drawn))('%s', (_file, svg) => {
  const [style = ''] = all(svg, /<style>([^]*?)<\/style>/g);
  const width = Number(all(svg, /<svg[^>]* width="(\d+)"/g)[0]);

  it('has no text that is too small at page width', () => {
    const sizes = new Map([...style.matchAll(/^\.(\w+)\{font-size:(\d+)px\}/gm)].map(([, name = '', size]) => [name, Number(size)]));
    const scale = Math.min(1, PAGE / width);
    for (const tag of all(svg, /(<text[^>]*>)/g)) expect((sizes.get(all(tag, /class="(\w+)"/g)[0] ?? '') ?? 0) * scale).toBeGreaterThanOrEqual(SMALLEST);
  });

  it('has no two boxes that lie on each other', () => {
    const pattern = /<rect class="shape" x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"/g;
    const boxes = [...svg.matchAll(pattern)].map(([, ...numbers]) => numbers.map(Number));
    const apart = ([x = 0, y = 0, width = 0, height = 0]: number[], [x2 = 0, y2 = 0, width2 = 0, height2 = 0]: number[]): boolean =>
      x + width <= x2 || x2 + width2 <= x || y + height <= y2 || y2 + height2 <= y;
    const meet = boxes.filter((box, index) => boxes.slice(index + 1).some((other) => !apart(box, other)));
    expect(boxes.length).toBeGreaterThan(2);
    expect(meet).toEqual([]);
  });

  it.each(['light', 'dark'])('can be read on a %s page', (page) => {
    const [light = '', dark = ''] = style.split('@media (prefers-color-scheme:dark)');
    const rules = page === 'light' ? light : dark;
    const fill = (selector: string): string => {
      const [found] = all(rules, new RegExp(`^(?:[^{]*,)?${selector.replaceAll('.', '\\.')}(?:,[^{]*)?\\{fill:(#\\w+)`, 'gm'));
      if (found === undefined) throw new Error(`${selector} has no colour on a ${page} page`);
      return found;
    };
    const grounds = [fill('.card'), fill('.frame'), ...all(rules, /^\.\w+>\.shape\{fill:(#\w+)\}/gm)];
    expect(grounds.length).toBeGreaterThan(5);
    for (const ground of grounds) for (const ink of [fill('text'), fill('.comment')]) expect(contrast(ink, ground)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(fill('.error>.label>text'), fill('.card'))).toBeGreaterThanOrEqual(4.5);
  });

  it('tells its title and what it shows to who cannot see it', () => {
    expect(svg).toMatch(/<svg[^>]* role="img" aria-labelledby="title desc">\n<title id="title">[^<]+<\/title>\n<desc id="desc">[^<]+<\/desc>/);
  });
});

test('a state that is added to a machine appears in its picture, and the page stays as wide', () => {
  const definition = definitionOf('update-key-store');
  const { SendCfnResponse } = definition.States;
  if (!SendCfnResponse) throw new Error('update-key-store has no SendCfnResponse');
  definition.States.TellTheOperator = { Type: 'Pass', Comment: 'Says what was changed', Next: 'SendCfnResponse' };
  definition.States.CompleteUpdate = { ...definition.States.CompleteUpdate, Next: 'TellTheOperator' } as Definition['States'][string];
  const { definitions } = sources;
  const svg = svgOf('update-key-store.svg', pictures({ ...sources, definitions: { ...definitions, 'update-key-store': JSON.stringify(definition) } }));
  expect(nodesOf(svg)).toContain('TellTheOperator');
  expect(linesOf(svg, 'way')).toEqual(expect.arrayContaining(['CompleteUpdate → TellTheOperator', 'TellTheOperator → SendCfnResponse']));
  expect(all(svg, / width="(\d+)"/g)[0]).toBe(all(svgOf('update-key-store.svg'), / width="(\d+)"/g)[0]);
});

test.each([
  [{ Variable: '$.Answer.Status', StringEquals: 'SUCCESS' }, 'Status is SUCCESS'],
  [{ Variable: '$.KeyStore.KeyStoreId', StringEquals: '' }, 'KeyStoreId is empty'],
  [{ Not: { Variable: '$.Command.Step', StringEquals: 'inspect' } }, 'Step is not inspect'],
  [{ Variable: '$.Error', IsPresent: true }, 'Error is there'],
  [{ Not: { Variable: '$.Error', IsPresent: true } }, 'Error is not there'],
  [{ Or: ['A', 'B', 'C'].map((StringEquals) => ({ Variable: '$.Status', StringEquals })) }, 'Status is A, B or C'],
  [
    { And: [{ Variable: '$.Met', BooleanEquals: true }, { Or: [{ Variable: '$.Count', NumericLessThan: 5 }, { Variable: '$.Step', StringEquals: 'a' }] }] },
    'Met is true and (Count is below 5, or Step is a)',
  ],
])('the rule %j is told as “%s”', (rule, words) => {
  expect(ruleInWords(rule)).toBe(words);
});

/** How far two colours stand apart: WCAG 2.2, contrast ratio and relative luminance. */
function contrast(one: string, other: string): number {
  const [lighter = 0, darker = 0] = [one, other].map(luminance).sort((a, b) => b - a);
  return (lighter + 0.05) / (darker + 0.05);
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = all(colour, /([\da-f]{2})/g).map((part) => {
    const share = parseInt(part, 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
