import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parameterTable } from './parameter-table';

/** The document that has the table, between two marks. */
export const DOCUMENT = path.join(__dirname, '../../README.md');

const MARKED = /(?<=<!-- parameters: npm run docs -->\n)[^]*?(?=<!-- end -->)/;

/** The document's text with the table that the template gives. @throws Error if the marks are not there */
export function withParameterTable(text: string): string {
  if (!MARKED.test(text)) throw new Error('README.md has lost the marks around its table of parameters');
  return text.replace(MARKED, () => `${parameterTable()}\n`);
}

/** Writes the table of parameters anew into its document, and returns the document's name. */
export function writeParameterTable(): string {
  writeFileSync(DOCUMENT, withParameterTable(readFileSync(DOCUMENT, 'utf8')));
  return path.basename(DOCUMENT);
}
