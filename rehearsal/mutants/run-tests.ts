import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';

/** Tests of the project: a file or folder, and the words in the titles of those that are meant. Default: all in it. */
export interface Tests {
  file: string;
  titled?: string;
}

/** What jest writes with --json, as far as it is read here. */
interface Results {
  numPassedTests: number;
  testResults: { assertionResults: { status: string; fullName: string; failureMessages: string[] }[] }[];
}

/** How tests came out. */
export interface TestRun {
  passed: number;
  /** The title of the first that failed, and why. */
  failed?: string;
}

/** Runs tests of a copy of the project, until one fails. None may pass and none fail: then none could be run. */
export async function runTests(root: string, { file, titled }: Tests): Promise<TestRun> {
  const report = path.join(root, 'jest-report.json');
  const jest = path.join(root, 'node_modules/jest/bin/jest.js');
  const options = ['--runInBand', '--bail', '--silent', '--json', `--outputFile=${report}`, ...(titled === undefined ? [] : ['-t', titled])];
  const printed = await run(process.execPath, [jest, ...options, '--', file], root);
  const { numPassedTests, testResults } = JSON.parse(readReport(report, printed)) as Results;
  const failed = testResults.flatMap(({ assertionResults }) => assertionResults).find(({ status }) => status === 'failed');
  return { passed: numPassedTests, ...(failed && { failed: `${failed.fullName}: ${firstLine(failed.failureMessages.join('\n'))}` }) };
}

function run(program: string, args: string[], cwd: string): Promise<string> {
  return new Promise((resolve, reject) => {
    // Its own environment: tests that run in jest must not think that they are part of another run.
    const { JEST_WORKER_ID: _worker, NODE_OPTIONS: _options, ...env } = process.env;
    const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'ignore', 'pipe'] });
    let text = '';
    child.stderr.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    child.on('error', reject);
    child.on('close', () => {
      resolve(text);
    });
  });
}

function readReport(file: string, printed: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new Error(`jest has written no report: ${printed}`);
  }
}

/** The first line without the colours of a terminal. */
function firstLine(message: string): string {
  // eslint-disable-next-line no-control-regex
  return message.replace(/\u001b\[\d+m/g, '').split('\n')[0] ?? '';
}
