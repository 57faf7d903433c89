import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** The project's folder. */
export const ROOT = path.join(__dirname, '../..');

/** What a copy does without: what is hidden, what is installed, and what no test reads. */
const LEFT_OUT = /^(\.|node_modules$|coverage$)/;

/**
 * Lets work on a copy of the project in which some files are changed; the copy is gone when it is done.
 * @param files the changed texts, by their paths in the project
 */
export async function withCopy<Result>(files: Record<string, string>, work: (root: string) => Promise<Result> | Result): Promise<Result> {
  const root = mkdtempSync(path.join(tmpdir(), 'mutant-'));
  try {
    for (const name of readdirSync(ROOT).filter((entry) => !LEFT_OUT.test(entry))) cpSync(path.join(ROOT, name), path.join(root, name), { recursive: true });
    symlinkSync(path.join(ROOT, 'node_modules'), path.join(root, 'node_modules'));
    for (const [file, text] of Object.entries(files)) {
      if (!existsSync(path.join(root, file))) throw new Error(`The project has no ${file}`);
      writeFileSync(path.join(root, file), text);
    }
    return await work(root);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
