import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { withReasons } from './accepted-warnings';
import { printYaml } from './print';
import { sizes } from './sizes';
import { bundleOfAll, FORMS, readSources, type Form } from './sources';
import { template } from './template';

/** Where the emitted templates lie: committed, and never edited by hand. */
export const FILES: Record<Form, string> = {
  readable: path.join(__dirname, '../cloudhsm-key-store.yml'),
  compact: path.join(__dirname, '../cloudhsm-key-store.min.yml'),
};

/** The template's text in one of its two forms: the same input gives the same bytes. */
export function render(form: Form): string {
  const whole = template(readSources(form));
  // Reasons are for the person who reads the template, and for the tools that scan it.
  return printYaml(form === 'readable' ? withReasons(whole) : whole, { compact: form === 'compact' });
}

/** Emits the template in both forms, and returns a table of their bytes by kind of content. */
export function emit(): string {
  const texts: Record<Form, string> = { readable: render('readable'), compact: render('compact') };
  for (const form of FORMS) if (!fileHolds(FILES[form], texts[form])) writeFileSync(FILES[form], texts[form]);
  return sizes(texts, { readable: bundleOfAll('readable'), compact: bundleOfAll('compact') });
}

function fileHolds(file: string, text: string): boolean {
  try {
    return readFileSync(file, 'utf8') === text;
  } catch {
    return false;
  }
}
