import type { Finding } from '../finding';
import { readJson } from '../read-json';
import { runProgram } from '../run-program';
import type { Tool } from '../tool';

interface FileResult {
  file_results: {
    violations: { id: string; message: string; logical_resource_ids?: (string | null)[] | null; line_numbers?: (number | null)[] | null }[];
  };
}

const HINT = 'gem install cfn-nag';

/** cfn_nag as it comes, and once more with what the template's Metadata suppresses. */
export const cfnNag: Tool = {
  name: 'cfn_nag',
  scan({ file }) {
    const run = (...args: string[]) => runProgram('cfn_nag_scan', args, HINT);
    return {
      version: run('--version').stdout.trim(),
      runs: [[], ['--no-allow-suppression']].map((options) => {
        const args = ['--output-format', 'json', ...options, '-i'];
        return { call: ['cfn_nag_scan', ...args, 'FILE'].join(' '), findings: cfnNagFindings(readJson(run(...args, file), 'cfn_nag_scan')) };
      }),
    };
  },
};

/** The findings in cfn_nag's JSON, one for each resource that a violation names. */
export function cfnNagFindings(json: unknown): Finding[] {
  const violations = (json as FileResult[]).flatMap(({ file_results }) => file_results.violations);
  return violations.flatMap(({ id: rule, message, logical_resource_ids, line_numbers }) => {
    const ids = logical_resource_ids?.length ? logical_resource_ids : [null];
    return ids.map((id, index) => {
      const line = line_numbers?.[index];
      return { rule, at: id ?? 'template', where: line ? `line ${line}` : '', message };
    });
  });
}
