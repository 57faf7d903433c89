import { spawnSync } from 'node:child_process';
import { ToolMissing } from './tool-missing';

/** How a program ended. */
export interface Ended {
  status: number;
  stdout: string;
  stderr: string;
}

/**
 * Runs a program to its end.
 * @param hint how to get the program
 * @throws ToolMissing if there is no such program
 */
export function runProgram(program: string, args: string[], hint: string, options: { input?: string; cwd?: string; env?: NodeJS.ProcessEnv } = {}): Ended {
  const { error, status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 2 ** 26, input: '', env: process.env, ...options });
  if (error && 'code' in error && error.code === 'ENOENT') throw new ToolMissing(`${program} is not on PATH: ${hint}`);
  if (error) throw error;
  return { status: status ?? -1, stdout, stderr };
}
