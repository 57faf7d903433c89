import { judge } from '../../security/src/acceptance';
import type { Finding } from '../../security/src/finding';
import { readReport, sha256, writeReport } from '../../security/src/report';

const findings: Finding[] = [
  { rule: 'W1', at: 'rBucket', where: 'line 3', message: 'The bucket leaks' },
  { rule: 'W2', at: 'template', where: '', message: 'The template is long' },
];
const accepted = ['W1', 'W2'].map((rule) => ({ tool: 'tool', rule, reason: `${rule} is as it must be.` }));
const digest = sha256('the template');
const result = { version: '1.0', runs: [{ call: 'tool FILE', findings }] };
const report = writeReport('tool', 'templates/template.yml', digest, result, judge('tool', findings, accepted));

test('a report names the tool, its version and the file, and has every finding in full with its note', () => {
  expect(report.split('\n').slice(0, -2)).toEqual([
    'Tool: tool 1.0',
    'File: templates/template.yml',
    `SHA-256: ${digest}`,
    'Ran: tool FILE: 2 findings',
    'In all: 2 findings',
    '',
    'W1 rBucket (line 3): The bucket leaks',
    'Notes: W1 is as it must be.',
    '',
    'W2 template: The template is long',
    'Notes: W2 is as it must be.',
    '',
  ]);
});

test('a report says of which file it is, and that nobody has changed it', () => {
  expect(readReport(report)).toEqual({ digest, intact: true });
});

test.each([
  ['the digest of another file', /^SHA-256: .*/m, `SHA-256: ${sha256('another')}`],
  ['a finding less', /^W2 .*\n.*\n/m, ''],
  ['another note', /^Notes: .*/m, 'Notes: Nobody minds.'],
  ['no digest of itself', /^SHA-256 of this report.*\n/m, ''],
])('a report that somebody gave %s is not intact', (_what, from, to) => {
  expect(report).toMatch(from);
  expect(readReport(report.replace(from, to)).intact).toBe(false);
});
