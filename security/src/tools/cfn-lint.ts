import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Finding } from '../finding';
import { pythonEnvironment } from '../python-environment';
import { readJson } from '../read-json';
import { runProgram } from '../run-program';
import type { Tool } from '../tool';

interface Match {
  Level: string;
  Message: string;
  Location: { Path: (string | number)[] | null; Start: { LineNumber: number } };
  Rule: { Id: string };
}

/** cfn-lint as it comes, and once more with its informational rules. */
export function cfnLint(cache: string): Tool {
  return {
    name: 'cfn-lint',
    scan({ file }) {
      const bin = pythonEnvironment(cache);
      // cfn-lint reads .cfnlintrc in the current folder and in the home folder: an empty one is both.
      const empty = mkdtempSync(path.join(os.tmpdir(), 'cfn-lint-'));
      const options = { cwd: empty, env: { ...process.env, HOME: empty } };
      const run = (args: string[]) => runProgram(path.join(bin, 'python'), [path.join(bin, 'cfn-lint'), ...args], '', options);
      try {
        return {
          version: run(['--version']).stdout.trim().replace('cfn-lint ', ''),
          // -c takes all that follows: the file needs its -t.
          runs: [[], ['-c', 'I']].map((checks) => {
            const args = ['--format', 'json', ...checks, '-t'];
            return { call: ['cfn-lint', ...args, 'FILE'].join(' '), findings: cfnLintFindings(readJson(run([...args, file]), 'cfn-lint')) };
          }),
        };
      } finally {
        rmSync(empty, { recursive: true, force: true });
      }
    },
  };
}

/** The findings in cfn-lint's JSON. A resource's finding is about its logical id, another one about its section. */
export function cfnLintFindings(json: unknown): Finding[] {
  return (json as Match[]).map(({ Message, Location: { Path, Start }, Rule }) => {
    const [section = 'template', id = section] = (Path ?? []).map(String);
    return { rule: Rule.Id, at: id, where: `line ${Start.LineNumber}`, message: Message };
  });
}
