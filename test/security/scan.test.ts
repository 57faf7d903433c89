import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Acceptance } from '../../security/src/acceptance';
import type { Finding } from '../../security/src/finding';
import { sha256 } from '../../security/src/report';
import { scan, type Plan } from '../../security/src/scan';
import type { Tool } from '../../security/src/tool';
import { ToolMissing } from '../../security/src/tool-missing';
import { cfnLint } from '../../security/src/tools/cfn-lint';
import { cfnNag } from '../../security/src/tools/cfn-nag';
import { shellcheck } from '../../security/src/tools/shellcheck';

let folder: string;
let file: string;
const lines: string[] = [];

const bucket = (properties = {}) => JSON.stringify({ Resources: { rBucket: { Type: 'AWS::S3::Bucket', ...properties } } });
const finding: Finding = { rule: 'W1', at: 'rBucket', where: 'line 3', message: 'The bucket leaks' };
const accepted: Acceptance = { tool: 'tool', rule: 'W1', at: ['rBucket'], reason: 'It has nothing in it.' };
const tool = (findings: Finding[], name = 'tool'): Tool => ({ name, scan: () => ({ version: '1.0', runs: [{ call: 'tool FILE', findings }] }) });
const report = (name = 'tool'): string => readFileSync(path.join(folder, `template.json.${name}`), 'utf8');

const scanWith = (plan: Partial<Plan>): Promise<number> => {
  lines.length = 0;
  return scan((line) => lines.push(line), { tools: [tool([finding])], file, others: [], accepted: [], reports: folder, ...plan });
};

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'scan-'));
  file = path.join(folder, 'template.json');
  writeFileSync(file, bucket());
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('a scan', () => {
  test('is clean when every finding is accepted, and the report has the reason under each', async () => {
    expect(await scanWith({ accepted: [accepted] })).toBe(0);
    expect(report()).toContain('W1 rBucket (line 3): The bucket leaks\nNotes: It has nothing in it.\n');
    expect(report()).toContain(`\nSHA-256: ${sha256(readFileSync(file))}\n`);
    expect(report()).toContain('Tool: tool 1.0\n');
  });

  test.each<[string, Acceptance[]]>([
    ['nothing is accepted', []],
    ['another rule is accepted', [{ ...accepted, rule: 'W2' }]],
    ['it is accepted of something else', [{ ...accepted, at: ['rOther'] }]],
    ['it is accepted of another tool', [{ ...accepted, tool: 'other' }]],
  ])('fails on a finding when %s', async (_when, acceptances) => {
    expect(await scanWith({ accepted: acceptances })).toBe(1);
    expect(lines).toContain('  not accepted in template.json: W1 rBucket (line 3): The bucket leaks');
    expect(report()).toContain('The bucket leaks\nNOT ACCEPTED\n');
  });

  test.each<[string, Acceptance, string]>([
    ['of one thing', { ...accepted, at: ['rBucket', 'rOther'] }, 'W1 rOther'],
    ['of a whole rule', { ...accepted, rule: 'W2', at: ['rBucket'] }, 'W2 rBucket'],
    ['of whatever a rule finds', { tool: 'tool', rule: 'W2', reason: 'It is so.' }, 'W2'],
  ])('fails on an acceptance %s that is out of date', async (_what, stale, named) => {
    expect(await scanWith({ accepted: [accepted, stale] })).toBe(1);
    expect(lines).toContain(`  accepted, but not found any more: ${named}`);
  });

  describe('of another form of the template', () => {
    const findingIn = (other: string, found: Finding): Tool => ({
      name: 'tool',
      scan: (target) => ({ version: '1.0', runs: [{ call: 'tool FILE', findings: target.file === other ? [found] : [finding] }] }),
    });
    let other: string;

    beforeEach(() => {
      other = path.join(folder, 'other.json');
      writeFileSync(other, bucket());
    });

    test('passes what a rule finds there in other words, and writes no report', async () => {
      expect(await scanWith({ tools: [findingIn(other, { ...finding, at: 'b' })], others: [other], accepted: [accepted] })).toBe(0);
      expect(readdirSync(folder).sort()).toEqual(['other.json', 'template.json', 'template.json.tool']);
    });

    test('fails on what another rule finds there', async () => {
      expect(await scanWith({ tools: [findingIn(other, { ...finding, rule: 'W2' })], others: [other], accepted: [accepted] })).toBe(1);
      expect(lines).toContain('  not accepted in other.json: W2 rBucket (line 3): The bucket leaks');
    });
  });

  test('gives no report of a file that changed under it', async () => {
    const slow: Tool = { name: 'tool', scan: (target) => (writeFileSync(target.file, bucket({ DeletionPolicy: 'Retain' })), { version: '1.0', runs: [] }) };
    expect(await scanWith({ tools: [slow] })).toBe(1);
    expect(lines).toEqual(['tool: FAILED. template.json was changed while it was scanned. There is no report.']);
  });

  test('fails when a tool fails', async () => {
    const broken: Tool = { name: 'broken', scan: () => Promise.reject(new Error('It gave no findings')) };
    expect(await scanWith({ tools: [broken, tool([])] })).toBe(1);
    expect(lines[0]).toMatch(/^broken: FAILED. It gave no findings/);
  });
});

describe('a finding that the Metadata of the template suppresses', () => {
  const nag = tool([finding], 'cfn_nag');
  const suppress = (rule: object) => writeFileSync(file, bucket({ Metadata: { cfn_nag: { rules_to_suppress: [rule] } } }));

  test('is accepted with the reason that stands there', async () => {
    suppress({ id: 'W1', reason: 'It is empty.' });
    expect(await scanWith({ tools: [nag] })).toBe(0);
    expect(report('cfn_nag')).toContain("Notes: It is empty. (in the template's Metadata)");
  });

  test('is not accepted without a reason', async () => {
    suppress({ id: 'W1' });
    expect(await scanWith({ tools: [nag] })).toBe(1);
  });

  test('must still be found', async () => {
    suppress({ id: 'W1', reason: 'It is empty.' });
    expect(await scanWith({ tools: [tool([], 'cfn_nag')] })).toBe(1);
    expect(lines).toContain('  accepted, but not found any more: W1 rBucket');
  });
});

describe('a tool that is missing', () => {
  const absent: Tool = { name: 'absent', scan: () => Promise.reject(new ToolMissing('absent is not on PATH: install it')) };

  test('is named with how to get it, and the scan is not clean', async () => {
    expect(await scanWith({ tools: [absent, tool([])] })).toBe(3);
    expect(lines[0]).toBe('absent: MISSING. absent is not on PATH: install it. There is no report.');
  });

  test('leaves its report as it is, and says of which file that is', async () => {
    await scanWith({ tools: [tool([], 'absent')] });
    const old = report('absent');
    await scanWith({ tools: [absent] });
    expect(lines[0]).toMatch(/Its report is of this very file\.$/);

    writeFileSync(file, bucket({ DeletionPolicy: 'Retain' }));
    expect(await scanWith({ tools: [absent] })).toBe(3);
    expect(lines[0]).toMatch(/Its report is of another version of the file\.$/);
    expect(report('absent')).toBe(old);
  });

  test('does not pass for its report when somebody has given that the digest of another file', async () => {
    await scanWith({ tools: [tool([], 'absent')] });
    const digest = sha256(readFileSync(file));
    writeFileSync(file, bucket({ DeletionPolicy: 'Retain' }));
    writeFileSync(path.join(folder, 'template.json.absent'), report('absent').replace(digest, sha256(readFileSync(file))));
    await scanWith({ tools: [absent] });
    expect(lines[0]).toMatch(/Its report has been changed by hand\.$/);
  });

  test('does not make up for a finding of another', async () => {
    expect(await scanWith({ tools: [absent, tool([finding])] })).toBe(1);
  });

  test('is each that is not on this machine: nothing is passed over where PATH leads nowhere', async () => {
    const { PATH } = process.env;
    process.env['PATH'] = folder;
    try {
      expect(await scanWith({ tools: [cfnLint(folder), cfnNag, shellcheck(folder)] })).toBe(3);
    } finally {
      process.env['PATH'] = PATH;
    }
    expect(lines).toEqual([
      'cfn-lint: MISSING. python3 is not on PATH: install Python 3.11 or newer, with venv and pip. There is no report.',
      'cfn_nag: MISSING. cfn_nag_scan is not on PATH: gem install cfn-nag. There is no report.',
      'shellcheck: MISSING. python3 is not on PATH: install Python 3.11 or newer, with venv and pip. There is no report.',
    ]);
  });
});
