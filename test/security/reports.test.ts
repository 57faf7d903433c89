import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ACCEPTED } from '../../security/src/accepted';
import { REPORTS, reportFile, SCANNED_FILE } from '../../security/src/files';
import { readReport, sha256 } from '../../security/src/report';
import { PLAN, scan } from '../../security/src/scan';
import { suppressions } from '../../security/src/suppressions';
import { readTemplate } from '../../security/src/template';
import { TOOLS } from '../../security/src/tools';

const names = TOOLS.map(({ name }) => name);
const read = (folder: string, tool: string): string => readFileSync(reportFile(folder, SCANNED_FILE, tool), 'utf8');

describe('the report of', () => {
  test.each(names)('%s is of the template as it is: if not, run npm run scan with all tools', (tool) => {
    expect(readReport(read(REPORTS, tool))).toEqual({ digest: sha256(readFileSync(SCANNED_FILE)), intact: true });
  });

  test.each(names)('%s leaves no finding without a note, and each note is the reason that stands in our files', (tool) => {
    const report = read(REPORTS, tool);
    const [, findings] = /^In all: (\d+) findings?$/m.exec(report) ?? [];
    const notes = [...report.matchAll(/^Notes: (.*)$/gm)].map(([, note]) => note);
    const accepted = [...ACCEPTED, ...suppressions(readTemplate(readFileSync(SCANNED_FILE, 'utf8')))];
    const reasons = accepted.filter((acceptance) => acceptance.tool === tool).map(({ reason }) => reason);
    expect(notes).toHaveLength(Number(findings));
    expect(notes.filter((note = '') => !reasons.includes(note))).toEqual([]);
  });
});

describe('a scan of the template', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'reports-'));
  const lines: string[] = [];
  const missing = (): string[] => lines.flatMap((line) => /^(\S+): MISSING/.exec(line)?.[1] ?? []);

  // The first time, it makes the environment of the tools that come by pip.
  beforeAll(() => scan((line) => lines.push(line), { ...PLAN, reports: folder }), 240_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  test('runs with every tool that npm and pip bring; cfn_nag alone may be missing', () => {
    expect(lines.filter((line) => line.includes(': MISSING') && !line.startsWith('cfn_nag:'))).toEqual([]);
  });

  test('finds nothing that is not accepted, and all that is', () => {
    expect(lines.filter((line) => line.startsWith('  ') || line.includes(': FAILED'))).toEqual([]);
  });

  test('finds with every tool that is here what its report says', () => {
    const here = names.filter((tool) => !missing().includes(tool));
    expect(here).toEqual(expect.arrayContaining(names.filter((tool) => tool !== 'cfn_nag')));
    for (const tool of here) expect(read(REPORTS, tool)).toBe(read(folder, tool));
  });
});
