import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pictures } from './pictures';

/** Where the pictures lie: committed, and never edited by hand. */
export const PICTURES_FOLDER = path.join(__dirname, '../pictures');

/** Draws every picture anew into its file, and returns the files' names. */
export function writePictures(): string[] {
  mkdirSync(PICTURES_FOLDER, { recursive: true });
  const drawn = Object.entries(pictures());
  for (const [file, svg] of drawn) writeFileSync(path.join(PICTURES_FOLDER, file), svg);
  return drawn.map(([file]) => file);
}
