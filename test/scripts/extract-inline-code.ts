import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { inlineCode } from '../../security/src/inline-code';
import { readTemplate } from '../../security/src/template';

// Writes the code that a template carries into a folder, for whoever scans it with tools of their own.
const [file, folder] = process.argv.slice(2);
if (file === undefined || folder === undefined) {
  console.error('Usage: npx tsx test/scripts/extract-inline-code.ts TEMPLATE FOLDER');
  process.exit(2);
}

const { functions, machines, scripts } = inlineCode(readTemplate(readFileSync(file, 'utf8')));
const files = {
  ...Object.fromEntries(Object.entries(functions).map(([id, text]) => [path.join(id, 'index.js'), text])),
  ...Object.fromEntries(Object.entries(machines).map(([id, text]) => [`${id}.asl.json`, text])),
  ...Object.fromEntries(Object.entries(scripts).map(([id, text]) => [`${id}.sh`, text])),
};
for (const [name, text] of Object.entries(files)) {
  const target = path.join(folder, name);
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(target, text);
  console.log(target);
}
