import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { printYaml } from './print';
import { sizes } from './sizes';
import { readSources, type Form } from './sources';
import { template } from './template';

/** Where the canonical template lies: committed, and never edited by hand. */
export const CANONICAL_FILE = path.join(__dirname, '../cloudhsm-key-store.yml');

/** The template's text in one of its two forms: the same input gives the same bytes. */
export function render(form: Form): string {
  return printYaml(template(readSources(form)), { compact: form === 'compact' });
}

/** Emits the canonical template, and returns a table of the bytes by kind of content, of both forms. */
export function emit(): string {
  const canonical = render('readable');
  if (!fileHolds(CANONICAL_FILE, canonical)) writeFileSync(CANONICAL_FILE, canonical);
  return sizes({ readable: canonical, compact: render('compact') });
}

function fileHolds(file: string, text: string): boolean {
  try {
    return readFileSync(file, 'utf8') === text;
  } catch {
    return false;
  }
}
