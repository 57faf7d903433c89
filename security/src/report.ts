import { createHash } from 'node:crypto';
import type { Judgement } from './acceptance';
import { describeFinding } from './finding';
import type { Result } from './tool';

/** What a report says of itself. */
export interface Head {
  /** SHA-256 of the file that was scanned. */
  digest: string | undefined;
  /** Nobody has changed the report since the scan wrote it. */
  intact: boolean;
}

/** The SHA-256 of a text or a file's bytes, in hexadecimal digits. */
export function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

/**
 * A report, which ends in a digest of itself: only a scan writes one.
 * @param file the scanned file's path in the repository
 * @param digest its SHA-256
 */
export function writeReport(tool: string, file: string, digest: string, { version, runs }: Result, { findings }: Judgement): string {
  const blocks = findings.map(({ finding, reason }) => `${describeFinding(finding)}\n${reason === undefined ? 'NOT ACCEPTED' : `Notes: ${reason}`}\n`);
  const head = [
    `Tool: ${tool} ${version}`,
    `File: ${file}`,
    `SHA-256: ${digest}`,
    ...runs.map(({ call, findings: { length } }) => `Ran: ${call}: ${count(length)}`),
    `In all: ${count(findings.length)}`,
  ];
  const text = `${[head.join('\n'), '', ...blocks].join('\n')}\n`;
  return `${text}SHA-256 of this report above this line: ${sha256(text)}\n`;
}

/** Reads what a report says of itself. */
export function readReport(report: string): Head {
  const [, text = '', seal] = /^([^]*)SHA-256 of this report above this line: (.*)\n$/.exec(report) ?? [];
  return { digest: /^SHA-256: ([0-9a-f]{64})$/m.exec(report)?.[1], intact: seal === sha256(text) };
}

function count(findings: number): string {
  return `${findings} finding${findings === 1 ? '' : 's'}`;
}
