import { run } from '../../rehearsal/run';
import { scenarioNames } from '../../rehearsal/scenarios';
import type { Report } from '../../rehearsal/play';

/** Carries a command line out: what it printed, and its exit status. */
async function commandLine(...args: string[]): Promise<{ text: string; status: number }> {
  const printed: string[] = [];
  const status = await run(args, (text) => printed.push(text));
  return { text: printed.join('\n'), status };
}

describe('the rehearsal on the command line', () => {
  it('lists every scenario with a sentence about it, one a line', async () => {
    const { text, status } = await commandLine('--list');
    const lines = text.split('\n').map((line) => line.split(/ {2,}/));
    expect(lines.map(([name]) => name)).toEqual(scenarioNames());
    for (const [, sentence] of lines) expect(sentence).toMatch(/\w \w/);
    expect(status).toBe(0);
  });

  it('tells with --help each option and what the exit status means', async () => {
    const { text, status } = await commandLine('--help');
    for (const word of ['--scenario', '--list', '--json', 'exit status']) expect(text).toContain(word);
    expect(status).toBe(0);
  });

  it('plays the happy path when nothing is said, and shows events, steps and what is left', async () => {
    const { text, status } = await commandLine();
    for (const word of ['CREATE_COMPLETE', 'delete: DELETE_COMPLETE', 'left          nothing', 'as it must be yes']) expect(text).toContain(word);
    expect(status).toBe(0);
  });

  it('prints with --json one document and nothing else', async () => {
    const { text, status } = await commandLine('--json', '--scenario', 'a-failed-prerequisite-changes-nothing');
    const report = JSON.parse(text) as Report;
    expect(report.steps.map(({ ended }) => ended)).toEqual(['ROLLBACK_COMPLETE', 'DELETE_COMPLETE']);
    expect(report.failures).toEqual([]);
    expect(status).toBe(0);
  });

  it.each([
    ['an unknown scenario', ['--scenario', 'no-such'], /^There is no scenario "no-such": see npm start -- --list$/],
    ['an unknown option', ['--fast'], /--fast.*: see npm start -- --help$/],
    ['an option without its value', ['--scenario'], /--scenario.*: see npm start -- --help$/],
    ['a word too many', ['now'], /now.*: see npm start -- --help$/],
  ])('answers %s with one line, and status 2', async (_title, args, line) => {
    const { text, status } = await commandLine(...args);
    expect(text).toMatch(line);
    expect(text).not.toContain('\n');
    expect(status).toBe(2);
  });
});
