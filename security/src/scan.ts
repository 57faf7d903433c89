import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { judge, type Acceptance, type Judgement } from './acceptance';
import { ACCEPTED } from './accepted';
import { ageOfReport, OTHER_FILES, REPORTS, reportFile, SCANNED_FILE } from './files';
import { describeFinding } from './finding';
import { inlineCode } from './inline-code';
import { sha256, writeReport } from './report';
import { ROOT } from './root';
import { suppressions } from './suppressions';
import { readTemplate } from './template';
import { findingsOf, type Target, type Tool } from './tool';
import { ToolMissing } from './tool-missing';
import { TOOLS } from './tools';

/** What is scanned with what. */
export interface Plan {
  tools: Tool[];
  /** The file that the reports are about. */
  file: string;
  /** The same template in other forms: no rule may find anything there that it may not find in the file, and there are no reports. */
  others: string[];
  accepted: Acceptance[];
  /** The folder of the reports. */
  reports: string;
}

/** What `npm run scan` does. */
export const PLAN: Plan = { tools: TOOLS, file: SCANNED_FILE, others: OTHER_FILES, accepted: ACCEPTED, reports: REPORTS };

const STATUS = { clean: 0, missing: 3, 'not clean': 1 };
type Outcome = keyof typeof STATUS;

/**
 * Scans the template, and writes a report for every tool that could run. The report of one that could not stays as it is.
 * @returns the exit status: 0 all tools ran, and what they found is accepted; 1 something is not accepted, or is accepted and not found any more,
 *   or a tool failed; 3 nothing of this, but a tool is missing
 */
export async function scan(print: (line: string) => void, plan = PLAN): Promise<number> {
  const outcomes: Outcome[] = [];
  for (const tool of plan.tools) outcomes.push(await scanWith(tool, plan, print));
  return STATUS[(['not clean', 'missing'] as const).find((outcome) => outcomes.includes(outcome)) ?? 'clean'];
}

async function scanWith(tool: Tool, plan: Plan, print: (line: string) => void): Promise<Outcome> {
  try {
    const { version, judgement, problems } = await judgeFiles(tool, plan);
    print(`${tool.name} ${version}: ${judgement.findings.length} findings, ${problems.length === 0 ? 'all accepted' : 'not all as accepted'}`);
    problems.forEach((problem) => print(`  ${problem}`));
    return problems.length === 0 ? 'clean' : 'not clean';
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const missing = error instanceof ToolMissing;
    print(`${tool.name}: ${missing ? 'MISSING' : 'FAILED'}. ${message}. ${ageOfReport(reportFile(plan.reports, plan.file, tool.name), plan.file)}`);
    return missing ? 'missing' : 'not clean';
  }
}

/** Scans all files with one tool, and writes its report. */
async function judgeFiles(tool: Tool, { file, others, accepted, reports }: Plan): Promise<{ version: string; judgement: Judgement; problems: string[] }> {
  const all = [...accepted, ...suppressions(readTemplate(readFileSync(file, 'utf8')))];
  const digest = sha256(readFileSync(file));
  const result = await tool.scan(targetOf(file));
  const judgement = judge(tool.name, findingsOf(result), all);
  const problems = [...notAccepted(file, judgement), ...judgement.stale.map((what) => `accepted, but not found any more: ${what}`)];
  // The same template in another form: its code is worded in another way, and what a finding is about with it.
  const byRule = all.map(({ at: _at, ...acceptance }) => acceptance);
  for (const other of others) problems.push(...notAccepted(other, judge(tool.name, findingsOf(await tool.scan(targetOf(other))), byRule)));
  if (sha256(readFileSync(file)) !== digest) throw new Error(`${path.basename(file)} was changed while it was scanned`);
  writeFileSync(reportFile(reports, file, tool.name), writeReport(tool.name, path.relative(ROOT, file), digest, result, judgement));
  return { version: result.version, judgement, problems };
}

function notAccepted(file: string, { findings }: Judgement): string[] {
  return findings.flatMap(({ finding, reason }) => (reason === undefined ? [`not accepted in ${path.basename(file)}: ${describeFinding(finding)}`] : []));
}

function targetOf(file: string): Target {
  return { file, code: inlineCode(readTemplate(readFileSync(file, 'utf8'))) };
}
