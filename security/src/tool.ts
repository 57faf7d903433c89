import { describeFinding, type Finding } from './finding';
import type { InlineCode } from './inline-code';

/** A template on disk, and the code that it carries. */
export interface Target {
  file: string;
  code: InlineCode;
}

/** One run of a tool: how it was called, and what it found. */
export interface Run {
  call: string;
  findings: Finding[];
}

/** What a tool of this version said in one run or several. */
export interface Result {
  version: string;
  runs: Run[];
}

/** A tool that reads a template. */
export interface Tool {
  /** Also the ending of its report's name. */
  name: string;
  /**
   * @throws ToolMissing if it cannot run here
   * @throws Error if it ran, and what it said is not understood
   */
  scan: (target: Target) => Promise<Result> | Result;
}

/** What a tool found in all of its runs, each finding once, in an order that does not depend on the tool. */
export function findingsOf({ runs }: Result): Finding[] {
  const byText = new Map(runs.flatMap(({ findings }) => findings.map((finding) => [describeFinding(finding), finding])));
  return [...byText].sort(([one], [other]) => one.localeCompare(other, 'en', { numeric: true })).map(([, finding]) => finding);
}
