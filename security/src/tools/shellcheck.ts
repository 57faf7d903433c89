import path from 'node:path';
import type { Finding } from '../finding';
import { pythonEnvironment } from '../python-environment';
import { readJson } from '../read-json';
import { runProgram } from '../run-program';
import type { Tool } from '../tool';

interface Comments {
  comments: { line: number; code: number; message: string }[];
}

/** shellcheck on every script that the template carries, whatever a .shellcheckrc says. */
export function shellcheck(cache: string): Tool {
  return {
    name: 'shellcheck',
    scan({ code }) {
      const program = path.join(pythonEnvironment(cache), 'shellcheck');
      const env = { ...process.env, SHELLCHECK_OPTS: '' };
      const findings = Object.entries(code.scripts).flatMap(([id, script]) => {
        const ended = runProgram(program, ['--norc', '--format=json1', '-'], '', { input: script, env });
        return shellcheckFindings(id, script, readJson(ended, 'shellcheck'));
      });
      const version = /^version: (.*)$/m.exec(runProgram(program, ['--version'], '').stdout)?.[1] ?? 'unknown';
      return { version, runs: [{ call: 'shellcheck --norc SCRIPT for the script of each document', findings }] };
    },
  };
}

/** The findings in shellcheck's JSON; each is about the line of code that it names. */
export function shellcheckFindings(id: string, script: string, json: unknown): Finding[] {
  const lines = script.split('\n');
  return (json as Comments).comments.map(({ line, code, message }) => {
    const at = lines[line - 1]?.trim() ?? id;
    return { rule: `SC${code}`, at, where: `${id}, line ${line}`, message };
  });
}
