import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { FILES } from '../../templates/src/emit';
import { readReport, sha256 } from './report';
import { ROOT } from './root';

/** The file that the reports are about. */
export const SCANNED_FILE = FILES.readable;

/** The other files that the generator emits: scanned by the same rules, without reports of their own. */
export const OTHER_FILES = [FILES.compact];

/** Where the reports stand. */
export const REPORTS = path.join(ROOT, 'security');

/** The report of a tool. */
export function reportFile(folder: string, scanned: string, tool: string): string {
  return path.join(folder, `${path.basename(scanned)}.${tool}`);
}

/** Says of which file a report is: the report of a tool that could not run says nothing about a file that has changed since. */
export function ageOfReport(report: string, scanned: string): string {
  if (!existsSync(report)) return 'There is no report.';
  const { digest, intact } = readReport(readFileSync(report, 'utf8'));
  if (!intact) return 'Its report has been changed by hand.';
  return digest === sha256(readFileSync(scanned)) ? 'Its report is of this very file.' : 'Its report is of another version of the file.';
}
